import assert from "node:assert/strict";

import { shown } from "../../../../components/shape";
import {
    RouteMatchArgs,
    checkMatches,
    matchSpec,
    matchWarnings,
} from "../../../../components/delivery/service/routeMatch";
import { appMesh } from "../../../../components/mesh/appMesh";
import { Mesh } from "../../../../components/mesh/mesh";
import { linesOf, pathsOf } from "../../problems";

const lines = (match: unknown) => linesOf((p) => checkMatches(p, "match", match));
const paths = (match: unknown) => pathsOf((p) => checkMatches(p, "match", match));

describe("checkMatches", () => {
    it("accepts none, all, and one condition each", () => {
        const matches: RouteMatchArgs[] = [
            { prefix: "/" },
            { uri: { prefix: "/api" } },
            { uri: { exact: "/login" } },
            { uri: { regex: "v[0-9]" } },
            { method: { exact: "M-SEARCH" } },
            { method: { regex: "get|post" } },
            { headers: { "x-user": { exact: "me" }, cookie: { prefix: "a=" } } },
            { withoutHeaders: { cookie: { regex: ".*canary.*" } } },
            { queryParams: { "any name": { exact: "1" } } },
            { authority: { prefix: "shop." } },
            { scheme: { exact: "https" } },
            { sourceLabels: { "app.kubernetes.io/name": "front" } },
            { sourceNamespace: "web" },
            { gateways: ["mesh"] },
            { port: 8080 },
            { name: "all" },
            { ignoreUriCase: false },
        ];
        assert.deepEqual(lines(undefined), []);
        assert.deepEqual(lines([]), []);
        for (const match of matches) {
            assert.deepEqual(lines([match]), []);
        }
        assert.deepEqual(lines(matches), []);
    });

    const refusals: [string, unknown, string[]][] = [
        ["a prefix without a slash", { prefix: "api" }, ["prefix"]],
        ["an empty prefix", { prefix: "" }, ["prefix"]],
        ["a prefix that is no text", { prefix: 5 }, ["prefix"]],
        ["nothing to match by", {}, [""]],
        ["nothing to match by that is known", { path: "/" }, [""]],
        ["a path in two ways", { prefix: "/", uri: { prefix: "/" } }, ["uri"]],
        ["a URI in two ways", { uri: { prefix: "/", exact: "/a" } }, ["uri"]],
        ["a URI in no way", { uri: {} }, ["uri"]],
        ["a URI as a text", { uri: "/" }, ["uri"]],
        ["a URI without a slash", { uri: { exact: "login" } }, ["uri.exact"]],
        ["a URI's prefix without a slash", { uri: { prefix: "api" } }, ["uri.prefix"]],
        ["an empty URI", { uri: { exact: "" } }, ["uri.exact"]],
        ["an empty expression", { uri: { regex: "" } }, ["uri.regex"]],
        ["a URI that is no text", { uri: { prefix: null } }, ["uri.prefix"]],
        ["a method in small letters", { method: { exact: "get" } }, ["method.exact"]],
        ["a method as a text", { method: "GET" }, ["method"]],
        ["a header as a text", { headers: { "x-user": "me" } }, ['headers["x-user"]']],
        ["a header that is undefined", { headers: { user: undefined } }, ["headers.user"]],
        ["a header by suffix", { headers: { user: { suffix: "e" } } }, ["headers.user"]],
        ["a header with a space", { headers: { "x user": { exact: "me" } } }, ['headers["x user"]']],
        ["a list of headers", { headers: [{ exact: "me" }] }, ["headers"]],
        ["headers in two ways", { withoutHeaders: { a: { exact: "1", regex: "1" } } }, ["withoutHeaders.a"]],
        ["a parameter's number", { queryParams: { page: { exact: 1 } } }, ["queryParams.page.exact"]],
        ["a host as a text", { authority: "shop" }, ["authority"]],
        ["a scheme in no way", { scheme: {} }, ["scheme"]],
        ["port 0", { port: 0 }, ["port"]],
        ["a label's number", { sourceLabels: { version: 1 } }, ["sourceLabels.version"]],
        ["a namespace with a dot", { sourceNamespace: "a.b" }, ["sourceNamespace"]],
        ["a namespace of null", { sourceNamespace: null }, ["sourceNamespace"]],
        ["a gateway with a space", { gateways: ["my gateway"] }, ["gateways[0]"]],
        ["a switch in quotes", { prefix: "/", ignoreUriCase: "yes" }, ["ignoreUriCase"]],
        ["a name that is no text", { name: 5 }, ["name"]],
        ["null for a match", null, [""]],
        ["nothing for a match", undefined, [""]],
        ["a text for a match", "/", [""]],
        ["a list for a match", ["/"], [""]],
    ];
    for (const [what, match, expected] of refusals) {
        it(`refuses ${what}`, () => {
            assert.deepEqual(
                paths([{ prefix: "/" }, match]),
                expected.map((path) => (path === "" ? "match[1]" : `match[1].${path}`)),
            );
        });
    }

    it("refuses what is no list", () => {
        for (const value of [null, "/", 1, true, { prefix: "/" }]) {
            assert.deepEqual(lines(value), [
                `match: ${JSON.stringify(shown(value))} is not a list. Write it like [{ prefix: "/" }].`,
            ]);
        }
    });

    it("says what is wrong and what to write instead", () => {
        const both = { prefix: "/", uri: { exact: "/a" }, method: { exact: "get" } };
        assert.deepEqual(lines([both, { uri: { exact: "/a", regex: "b" } }, {}]), [
            'match[0].uri: {"exact":"/a"} stands beside prefix, which is short for the same. Keep one of the two.',
            'match[0].method.exact: "get" is not a method of HTTP; these are written in capitals, and no request would ever ' +
                'have this one. Write it like "GET".',
            'match[1].uri: {"exact":"/a","regex":"b"} has to say in exactly one way what it means. ' +
                "Give one of exact, prefix, regex.",
            'match[2]: {} says nothing to match by. Give a path at least, like { prefix: "/" }.',
        ]);
    });
});

describe("matchWarnings", () => {
    const warnings = (match: unknown, mesh: Mesh = appMesh) => matchWarnings("service.match", match, mesh);

    it("are none where the mesh reads all", () => {
        assert.deepEqual(warnings(undefined), []);
        assert.deepEqual(warnings([]), []);
        assert.deepEqual(warnings([{ prefix: "/" }]), []);
        assert.deepEqual(warnings([{ uri: { prefix: "/api" } }]), []);
        assert.deepEqual(warnings([{ prefix: "/", ignoreUriCase: false, gateways: [] }]), []);
    });

    it("name every field that App Mesh does not read", () => {
        assert.deepEqual(
            warnings([{ prefix: "/", method: { exact: "GET" }, headers: { a: { exact: "1" } }, port: 80 }]),
            [
                "service.match[0].method: ignored on AWS App Mesh: Flagger reads only uri of a match.",
                "service.match[0].headers: ignored on AWS App Mesh: Flagger reads only uri of a match.",
                "service.match[0].port: ignored on AWS App Mesh: Flagger reads only uri of a match.",
            ],
        );
    });

    it("tell a path that App Mesh does not read, and that all of them belong to the application then", () => {
        assert.deepEqual(warnings([{ uri: { exact: "/login" } }]), [
            "service.match[0].uri.exact: ignored on AWS App Mesh: Flagger reads only prefix of a URI.",
            "service.match[0]: says nothing that Flagger reads on AWS App Mesh, so every path leads to the application.",
        ]);
        assert.deepEqual(warnings([{ uri: { regex: "/v[0-9]" }, method: { exact: "GET" } }]), [
            "service.match[0].uri.regex: ignored on AWS App Mesh: Flagger reads only prefix of a URI.",
            "service.match[0].method: ignored on AWS App Mesh: Flagger reads only uri of a match.",
            "service.match[0]: says nothing that Flagger reads on AWS App Mesh, so every path leads to the application.",
        ]);
        assert.deepEqual(warnings([{ name: "all" }]), [
            "service.match[0].name: ignored on AWS App Mesh: Flagger reads only uri of a match.",
            "service.match[0]: says nothing that Flagger reads on AWS App Mesh, so every path leads to the application.",
        ]);
    });

    it("tell that the rest is lost, and nothing of what is in it", () => {
        assert.deepEqual(warnings([{ prefix: "/a" }, { prefix: "/b" }, { method: { exact: "GET" } }]), [
            "service.match: AWS App Mesh reads the first match alone and ignores the rest.",
        ]);
    });

    it("are the mesh's to know", () => {
        const mesh: Mesh = {
            ...appMesh,
            title: "Some Mesh",
            capabilities: {
                ...appMesh.capabilities,
                matchFields: ["uri", "method"],
                uriMatches: ["exact"],
                firstMatchOnly: false,
            },
        };
        assert.deepEqual(
            warnings([{ prefix: "/a" }, { uri: { exact: "/b" } }, { method: { exact: "GET" }, name: "c" }], mesh),
            [
                "service.match[0].uri.prefix: ignored on Some Mesh: Flagger reads only exact of a URI.",
                "service.match[0]: says nothing that Flagger reads on Some Mesh, so every path leads to the application.",
                "service.match[2].name: ignored on Some Mesh: Flagger reads only uri, method of a match.",
            ],
        );
    });

    it("break on nothing", () => {
        for (const value of [null, "x", 5, {}, [null], ["x"], [[]].slice(1)]) {
            assert.deepEqual(warnings(value), []);
        }
    });
});

describe("matchSpec", () => {
    it("writes the short form out, and all else as it is", () => {
        assert.deepEqual(matchSpec({ prefix: "/api", method: { exact: "GET" } }), {
            uri: { prefix: "/api" },
            method: { exact: "GET" },
        });
        assert.deepEqual(matchSpec({ uri: { regex: "/v[0-9]" }, port: 80 }), { uri: { regex: "/v[0-9]" }, port: 80 });
        assert.deepEqual(matchSpec({ name: "all" }), { name: "all" });
    });
});
