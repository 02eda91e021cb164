import assert from "node:assert/strict";

import fc from "fast-check";

import { checkQuery, queryVariables } from "../../../components/delivery/queryTemplate";
import { linesOf } from "../problems";

describe("checkQuery", () => {
    const problems = (query: unknown) => linesOf((p) => checkQuery(p, "query", query));

    // Each was rendered, or not, by Go's text/template with Flagger's functions.
    const renders = [
        "up",
        'rate(errors{app="{{target}}",code=~"5.."}[{{ interval }}])',
        "{{- name -}} {{ namespace}} {{service }} {{ ingress }} {{ route }}",
        '{{ variables.a }} {{ (index variables "b") }}',
        '{{ if eq (index variables "a") "1" }}a{{ else }}b{{ end }}',
        "{{ with variables }}{{ .a }}{{ end }}",
        "{{ range $key, $value := variables }}{{ $key }}{{ end }}",
        '{{ printf "%s}}" name | len }}',
        '{{ "nothing { to ` see" }}',
        "{{/* don't */}}up",
        "{{- /* a }} b */ -}}up",
        "{{ printf `%d` 0x1f }} {{ 1e3 }}",
        "a } b }} c { d",
    ];
    for (const query of renders) {
        it(`accepts ${query}`, () => {
            assert.deepEqual(problems(query), []);
        });
    }

    const fails: [string, string][] = [
        ["{{ target", "{{ target"],
        ['{{ "a }}', '{{ "a }}'],
        ["{{ .namespace }}", "{{ .namespace }}"],
        ["{{ $labels.code }}", "{{ $labels.code }}"],
        ["{{ $.target }}", "{{ $.target }}"],
        ["a {{ targt }} {{ target }}", "{{ targt }}"],
        ["{{ upper target }}", "{{ upper target }}"],
        ["errors{{{ variables.a }}}", "{{{ variables.a }}"],
        ["{{ 1 * 2 }}", "{{ 1 * 2 }}"],
        ["{{}}", "{{}}"],
        ["{{ }}", "{{ }}"],
    ];
    for (const [query, shown] of fails) {
        it(`refuses ${query}`, () => {
            const found = problems(query);
            assert.equal(found.length, 1);
            assert.ok(found[0]!.startsWith(`query: ${JSON.stringify(shown)} `), found[0]);
        });
    }

    it("says of an open bracket how to close it", () => {
        assert.deepEqual(problems("{{ target }"), [
            'query: "{{ target }" has a {{ that nothing closes: Flagger would fail every check. ' +
                "Close it with }}, after closing the quotes inside.",
        ]);
    });

    it("takes any text without double brackets", () => {
        fc.assert(
            fc.property(fc.string({ unit: "grapheme" }), (text) => {
                fc.pre(!text.includes("{{") && text.trim() !== "");
                assert.deepEqual(problems(text), []);
            }),
        );
    });

    // A pattern that goes back and forth would take hours.
    it("comes to an end with a long query", () => {
        assert.equal(problems('{{ "'.repeat(20_000)).length, 1);
        assert.equal(problems("{{ }".repeat(20_000)).length, 1);
    });
});

describe("queryVariables", () => {
    const table: [string, ReturnType<typeof queryVariables>][] = [
        ["up", { named: [], certain: true, others: false }],
        ["{{ target }}", { named: [], certain: true, others: false }],
        ["{{ variables.a }}{{variables.b}}{{ variables.a }}", { named: ["a", "b"], certain: true, others: false }],
        ['{{ printf "variables.no" variables.p99 }}', { named: ["p99"], certain: true, others: false }],
        ['{{ index variables "a-b" }}', { named: [], certain: true, others: true }],
        ["{{ if eq name target }}{{ variables.a }}{{ end }}", { named: ["a"], certain: false, others: false }],
        ["{{ with variables }}{{ .a }}{{ end }}", { named: [], certain: false, others: true }],
        ["variables.a", { named: [], certain: true, others: false }],
    ];
    for (const [query, expected] of table) {
        it(`are told of ${query}`, () => {
            assert.deepEqual(queryVariables(query), expected);
        });
    }
});
