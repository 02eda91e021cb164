import assert from "node:assert/strict";

import fc from "fast-check";

import { SessionAffinityArgs, checkSessionAffinity } from "../../../components/delivery/sessionAffinity";
import { appMesh } from "../../../components/mesh/appMesh";
import { Mesh } from "../../../components/mesh/mesh";
import { linesOf, pathsOf } from "../problems";

const able: Mesh = {
    ...appMesh,
    title: "Cookie Mesh",
    capabilities: { ...appMesh.capabilities, sessionAffinity: true },
};

const lines = (affinity: unknown, mesh = able, strategy: string | undefined = "steps") =>
    linesOf((problems) => checkSessionAffinity(problems, "affinity", affinity as SessionAffinityArgs, strategy, mesh));
const paths = (affinity: unknown) =>
    pathsOf((problems) => checkSessionAffinity(problems, "affinity", affinity as SessionAffinityArgs, "steps", able));

describe("checkSessionAffinity", () => {
    it("accepts none, on any mesh and in any strategy", () => {
        assert.deepEqual(lines(undefined, appMesh), []);
        assert.deepEqual(lines(undefined, able, "blueGreen"), []);
    });

    it("accepts one cookie, and all that can be said of two", () => {
        assert.deepEqual(lines({ cookieName: "canary" }), []);
        for (const sameSite of ["Strict", "Lax", "None"]) {
            assert.deepEqual(
                lines({
                    cookieName: "canary",
                    primaryCookieName: "__Host-primary",
                    maxAge: 1,
                    domain: "example.com",
                    path: "/shop",
                    httpOnly: true,
                    secure: true,
                    partitioned: true,
                    sameSite,
                }),
                [],
            );
        }
    });

    it("is more than a mesh without cookies can do, and then says nothing else", () => {
        const rest =
            "is more than AWS App Mesh can do: it sets no cookies, and Flagger would leave users as they are. " +
            "Leave it out, or choose a mesh that can.";
        assert.deepEqual(lines({ cookieName: "a b", maxAge: 0 }, appMesh, "abTest"), [
            `affinity: {"cookieName":"a b","maxAge":0} ${rest}`,
        ]);
        assert.deepEqual(lines(null, appMesh), [`affinity: null ${rest}`]);
    });

    it("asks for the cookie", () => {
        const line = (value: string) => `affinity.cookieName: ${value} is required. Name the cookie, like "canary".`;
        for (const affinity of [{}, [], null, "canary", 5, { cookieName: undefined }]) {
            assert.deepEqual(lines(affinity), [line("nothing given, but it")]);
        }
        assert.deepEqual(lines({ cookieName: 5 }), [line("5")]);
        assert.deepEqual(lines({ cookieName: null }), [line("null")]);
    });

    it("refuses it in a strategy without weights", () => {
        for (const strategy of ["abTest", "blueGreen"]) {
            assert.deepEqual(lines({ cookieName: "canary" }, able, strategy), [
                `affinity: {"cookieName":"canary"} does nothing in ${strategy}: only weights spread one user's ` +
                    "requests over two versions. Leave it out.",
            ]);
        }
    });

    it("leaves the strategy to others while there is none", () => {
        const found = linesOf((p) => checkSessionAffinity(p, "affinity", { cookieName: "canary" }, undefined, able));
        assert.deepEqual(found, []);
    });

    it("refuses a name that a cookie cannot have", () => {
        const line = (key: string, name: unknown) =>
            `affinity.${key}: ${JSON.stringify(name)} is not the name of a cookie. Use letters, digits, dashes and ` +
            "underscores.";
        for (const name of ["", "a b", "a;b", "a=b", 'a"b', "käse"]) {
            assert.deepEqual(lines({ cookieName: name }), [line("cookieName", name)]);
            assert.deepEqual(lines({ cookieName: "canary", primaryCookieName: name }), [
                line("primaryCookieName", name),
            ]);
        }
        assert.deepEqual(lines({ cookieName: "canary", primaryCookieName: null }), [line("primaryCookieName", null)]);
    });

    it("refuses one name for both cookies, at which Flagger would stand still", () => {
        assert.deepEqual(lines({ cookieName: "canary", primaryCookieName: "canary" }), [
            'affinity.primaryCookieName: "canary" is the canary\'s cookie: Flagger refuses the Canary, in its log ' +
                "alone, and never looks at it. Give it another name.",
        ]);
    });

    it("refuses an age that is none, and a rule for other sites that browsers do not know", () => {
        assert.deepEqual(lines({ cookieName: "canary", maxAge: 0, sameSite: "lax" }), [
            "affinity.maxAge: 0 is not a whole number from 1 to 31536000 (seconds). Give a number in that range.",
            'affinity.sameSite: "lax" is not a rule for other sites\' requests. Use Strict, Lax or None.',
        ]);
        assert.deepEqual(paths({ cookieName: "canary", maxAge: 31_536_001 }), ["affinity.maxAge"]);
        assert.deepEqual(paths({ cookieName: "canary", maxAge: 31_536_000 }), []);
    });

    it("reports instead of breaking, given anything", () => {
        const any = fc.oneof(fc.constantFrom(undefined, Number.NaN), fc.jsonValue());
        const affinity = fc.record(
            { cookieName: fc.oneof(fc.constant("canary"), any), primaryCookieName: any, maxAge: any, sameSite: any },
            { requiredKeys: [] },
        );
        fc.assert(
            fc.property(fc.oneof(affinity, any), (given) => {
                const found = paths(given);
                const named = (given as SessionAffinityArgs | null | undefined)?.cookieName;
                assert.ok(found.length > 0 || given === undefined || /^\S+$/.test(named!));
            }),
            { numRuns: 500 },
        );
    });
});
