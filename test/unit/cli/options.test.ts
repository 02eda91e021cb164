import assert from "node:assert/strict";

import { Reads, Values, mistakes } from "../../../components/cli/options";

const watch: Reads = { options: ["port", "address", "grafana"] };
const report: Reads = { options: ["out"], argument: "namespace and Canary" };

describe("a command line", () => {
    const wrong = (reads: Reads, values: Values, ...rest: string[]) => mistakes("watch", reads, values, rest);

    it("that is right is taken as it is", () => {
        for (const address of ["127.0.0.1", "::1", "0.0.0.0", "localhost"]) {
            assert.deepEqual(wrong(watch, { port: "0", address, grafana: "https://grafana.example/sub" }), []);
        }
        assert.deepEqual(wrong(report, { out: "a.html" }, "apps/podinfo"), []);
    });

    it("is refused with everything that is wrong with it at once", () => {
        const found = wrong(
            watch,
            { port: "70000", address: "evil.example", grafana: "grafana", out: "x" },
            "apps/web",
        );
        const rules = [
            /--out is no option of watch/,
            /leave "apps\/web" out/,
            /--port "70000"/,
            /--address/,
            /--grafana/,
        ];
        assert.equal(found.length, rules.length, found.join("\n"));
        rules.forEach((rule, index) => assert.match(found[index]!, rule));
    });

    it("may name no port that is none, and nothing but a web address for Grafana", () => {
        for (const port of ["-1", "65536", "http", "", "1.5"]) {
            assert.equal(wrong(watch, { port }).length, 1, port);
        }
        for (const grafana of ["javascript:alert(1)", "file:///etc/passwd", "//grafana"]) {
            assert.equal(wrong(watch, { grafana }).length, 1, grafana);
        }
    });

    it("names one Canary with its namespace where it is about one", () => {
        for (const rest of [[], ["podinfo"], ["a/b/c"], ["/b"], ["a/"], ["a/b", "c/d"]]) {
            assert.match(wrong(report, {}, ...rest).join(), /takes one namespace and Canary, like apps\/podinfo/);
        }
    });
});
