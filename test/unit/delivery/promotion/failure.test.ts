import assert from "node:assert/strict";

import { failureOf } from "../../../../components/delivery/promotion/failure";
import { withoutAddresses } from "../../../../components/delivery/promotion/moments";

const of = (text: string, warning = true) => failureOf({ text, warning, first: 0, last: 0, times: 1 });

describe("what Flagger says of a failed check", () => {
    // The format strings are those of Flagger 1.44.
    const sentences: [text: string, kind: string, name: string, value: number | undefined, says: RegExp][] = [
        [
            "Halt web.apps advancement success rate 84.55% < 99%",
            "measured",
            "request-success-rate",
            84.55,
            /84\.55 %.*least 99 %/,
        ],
        [
            "Halt web.apps advancement request duration 815ms > 500ms",
            "measured",
            "request-duration",
            815,
            /815 ms.*most 500 ms/,
        ],
        [
            "Halt web.apps advancement request duration 1m1.5s > 500ms",
            "measured",
            "request-duration",
            61_500,
            /1m1\.5s.*most 500 ms/,
        ],
        [
            "Halt web.apps advancement mesh-request-success-rate 12.30 < 99",
            "measured",
            "mesh-request-success-rate",
            12.3,
            /12\.30.*least 99/,
        ],
        ["Halt web.apps advancement my own rate 0.50 > 0.1", "measured", "my own rate", 0.5, /most 0\.1/],
        ["Halt web.apps advancement my-rate NaN > 1", "measured", "my-rate", NaN, /NaN/],
        [
            "Halt advancement no values found for istio metric request-duration probably web.apps is not receiving traffic",
            "unmeasured",
            "request-duration",
            undefined,
            /no values/,
        ],
        [
            "Halt advancement no values found for custom metric: my-rate: no values found",
            "unmeasured",
            "my-rate",
            undefined,
            /no values/,
        ],
        [
            "Halt web.apps advancement external check load-test failed command failed",
            "webhook",
            "load-test",
            undefined,
            /load-test failed: command failed/,
        ],
        [
            "Halt web.apps advancement pre-rollout check acceptance failed 500",
            "webhook",
            "acceptance",
            undefined,
            /acceptance failed: 500/,
        ],
        [
            "Halt web.apps advancement waiting for traffic increase approval gate",
            "gate",
            "gate",
            undefined,
            /more traffic/,
        ],
        ["Halt web.apps advancement waiting for approval gate", "gate", "gate", undefined, /to begin/],
        [
            "Prometheus query failed: connection refused",
            "unmeasured",
            "Prometheus query failed",
            undefined,
            /gave no answer/,
        ],
        [
            "canary deployment web.apps not ready: waiting for rollout to finish: 0 of 2",
            "pods",
            "pods",
            undefined,
            /not ready: waiting/,
        ],
        ["something of a newer Flagger", "other", "something of a newer Flagger", undefined, /newer/],
    ];
    for (const [text, kind, name, value, says] of sentences) {
        it(text, () => {
            const failure = of(text);
            assert.deepEqual([failure?.kind, failure?.name, failure?.value], [kind, name, value]);
            assert.match(failure!.says, says);
        });
    }

    it("is no failure where it only follows from one, or is no warning", () => {
        assert.equal(of("Rolling back web.apps failed checks threshold reached 5"), undefined);
        assert.equal(of("Canary failed! Scaling down web.apps"), undefined);
        assert.equal(of("Advance web.apps canary weight 10", false), undefined);
    });

    it("is shown without what an address may hold of secrets", () => {
        const said =
            'check x failed Post "https://user:pass@hooks.example:8443/services/T0/SECRET?token=SECRET": refused, see http://web.apps:80/ or wss://a?SECRET';
        assert.equal(
            withoutAddresses(said),
            'check x failed Post "https://hooks.example:8443/[hidden]": refused, see http://web.apps:80 or wss://a/[hidden]',
        );
    });
});
