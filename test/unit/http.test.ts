import assert from "node:assert/strict";

import fc from "fast-check";
import * as pulumi from "@pulumi/pulumi";

import { checkHeaderNames, checkMethod, checkUrl, checkUrlPath, hasUserInfo, redacted } from "../../components/http";
import { linesOf, pathsOf } from "./problems";

describe("checkUrl", () => {
    const paths = (url: unknown) => pathsOf((p) => checkUrl(p, "u", url));

    it("accepts URLs with a host, what is known later, and none", () => {
        for (const url of [
            "http://gate.ops/check",
            "https://gate",
            "http://10.0.0.1:8080/a?b=c#d",
            "http://[fd00::1]:80",
            "https://user:pass@gate/%20",
            pulumi.output("x"),
            Promise.resolve("x"),
            undefined,
        ]) {
            assert.deepEqual(paths(url), []);
        }
    });

    it("refuses everything else", () => {
        for (const url of [
            "",
            "gate.ops/check",
            "//gate.ops",
            "ftp://gate.ops",
            "HTTP://gate.ops",
            "http://",
            "http:///check",
            "http://\\check",
            "http://?check",
            "http:gate.ops",
            "http://gate.ops:port",
            "http://gate.ops:99999",
            " http://gate.ops",
            "http://gate.ops\n",
            "http://gate ops",
            "http://gäte.ops",
            null,
            80,
            true,
            {},
            ["http://gate.ops"],
        ]) {
            assert.deepEqual(paths(url), ["u"], JSON.stringify(url));
        }
    });

    it("says which schemes it takes and what else would happen, and shows nothing that may be a secret", () => {
        assert.deepEqual(
            linesOf((p) => checkUrl(p, "u", "hooks/hunter2")),
            [
                "u: the value given (a secret, not shown) is not a URL that begins with https:// or http://: " +
                    'Flagger could not call it. Write it like "https://server.example".',
            ],
        );
        const stream = { schemes: ["wss"], otherwise: "nothing would come", shown: true };
        assert.deepEqual(
            linesOf((p) => checkUrl(p, "u", "https://user:hunter2@server?key=hunter2", stream)),
            [
                'u: "https://...@server?..." is not a URL that begins with wss://: nothing would come. ' +
                    'Write it like "wss://server.example".',
            ],
        );
        assert.deepEqual(
            linesOf((p) => checkUrl(p, "u", "wss://server", stream)),
            [],
        );
    });

    it("answers whether it accepts, and breaks on nothing", () => {
        fc.assert(
            fc.property(fc.oneof(fc.anything(), fc.webUrl()), (url) => {
                let sound: boolean | undefined;
                const found = pathsOf((p) => (sound = checkUrl(p, "u", url)));
                assert.equal(sound, found.length === 0);
            }),
        );
    });
});

describe("a URL's credentials", () => {
    it("are seen in front of the host alone", () => {
        assert.equal(hasUserInfo("http://user@server"), true);
        assert.equal(hasUserInfo("http://user:pass@server/path"), true);
        assert.equal(hasUserInfo("http://server/a@b"), false);
        assert.equal(hasUserInfo("http://server?a@b"), false);
    });

    it("are not shown, nor is a query", () => {
        assert.equal(redacted("https://user:hunter2@server/path?key=hunter2"), "https://...@server/path?...");
        assert.equal(redacted("//user:hunter2@server"), "//...@server");
        assert.equal(redacted("hunter2@server"), "...@server");
        assert.equal(redacted("https://server/a@b"), "https://server/a@b");
        assert.equal(redacted(5), 5);
    });
});

describe("checkUrlPath, checkMethod and checkHeaderNames", () => {
    it("accept what HTTP has", () => {
        const found = [
            ...linesOf((p) => ["/", "/a b", undefined].forEach((path) => checkUrlPath(p, "v", path))),
            ...linesOf((p) => ["GET", "VERSION-CONTROL", undefined].forEach((method) => checkMethod(p, "v", method))),
            ...linesOf((p) => checkHeaderNames(p, "v", ["x-user", "X_User!", "a.b~"], "it would fail")),
        ];
        assert.deepEqual(found, []);
    });

    it("say of the rest what would happen", () => {
        assert.deepEqual(
            linesOf((p) => checkUrlPath(p, "v", "api")),
            ['v: "api" is not a path. Begin it with a slash, like "/api".'],
        );
        assert.deepEqual(
            linesOf((p) => checkMethod(p, "v", "get")),
            [
                'v: "get" is not a method of HTTP; these are written in capitals, and no request would ever have ' +
                    'this one. Write it like "GET".',
            ],
        );
        assert.deepEqual(
            linesOf((p) => checkHeaderNames(p, "v", ["ok", "a b", ""], "it would fail")),
            [
                'v["a b"]: "a b" is not the name of a header: it would fail. Write it like "x-user".',
                'v[""]: "" is not the name of a header: it would fail. Write it like "x-user".',
            ],
        );
    });
});
