import assert from "node:assert/strict";
import { spawn } from "node:child_process";

import { kindOf, parseStat } from "../../../../lab/scale/usage";

describe("the lab's measurement of processes", () => {
    it("tells programs apart by their command", () => {
        for (const [words, kind] of [
            ["/cache/tools/pulumi-0123/pulumi up --yes", "engine"],
            ["/usr/bin/node /some/node_modules/@pulumi/pulumi/cmd/run --monitor 127.0.0.1:1 .", "program"],
            ["/cache/tools/pulumi-kubernetes-0123/pulumi-kubernetes 127.0.0.1:1", "kubernetes provider"],
            ["/home/plugins/resource-kubernetes-v4.30.0/pulumi-resource-kubernetes 127.0.0.1:1", "kubernetes provider"],
            ["/cache/tools/flagger-0123/flagger -log-level=info", "flagger"],
            ["/cache/tools/kube-apiserver-0123/kube-apiserver --etcd-servers x", "API server"],
            ["/cache/tools/kube-scheduler-0123/kube-scheduler", "controllers"],
            ["/usr/bin/node --import tsx /some/lab/scale/inside.ts", "lab and nodes"],
            ["bash /some/container.sh /cache/tools/flagger-0123/flagger", undefined],
            ["", undefined],
        ] as const) {
            assert.equal(kindOf(words.split(" ")), kind, words);
        }
    });

    it("reads processor time and memory, whatever the name of the process", () => {
        const rest = `S 1 2 3 4 5 6 7 8 9 10 250 50 13 14 15 16 17 18 19 20 1024 21`;
        for (const name of ["node", "a b", "odd) name ("]) {
            assert.deepEqual(parseStat(`42 (${name}) ${rest}`), { ticks: 300, bytes: 1024 * 4096 });
        }
    });

    it("agrees with the kernel about a process that works", async () => {
        const child = spawn(process.execPath, [
            "-e",
            "for (const end = Date.now() + 1000; Date.now() < end;); process.stdout.write(JSON.stringify([process.cpuUsage(), process.memoryUsage.rss(), require('fs').readFileSync('/proc/self/stat', 'utf8')]))",
        ]);
        let output = "";
        child.stdout.on("data", (data: Buffer) => (output += data.toString()));
        await new Promise((resolve) => child.on("close", resolve));
        const [cpu, rss, stat] = JSON.parse(output) as [NodeJS.CpuUsage, number, string];
        const { ticks, bytes } = parseStat(stat);
        assert.ok(Math.abs(ticks / 100 - (cpu.user + cpu.system) / 1e6) < 0.2, `${ticks} ticks`);
        assert.ok(Math.abs(bytes / rss - 1) < 0.2, `${bytes} and ${rss} bytes`);
    });
});
