import assert from "node:assert/strict";
import net from "node:net";

import { poll } from "../../../lab/poll";
import { scenes } from "../page/scenes";
import { CommandLine, Ran, clusterOf } from "./commandLine";

describe("npx pulumi-progressive-mesh watch", () => {
    let line: CommandLine;
    const running: Ran[] = [];

    beforeEach(async () => {
        line = await CommandLine.before(clusterOf(scenes.rolledBack(), scenes.promoted()));
    });

    afterEach(async () => {
        for (const ran of running.splice(0)) {
            ran.end();
            await ran.code;
        }
        line.remove();
    });

    function watch(...args: string[]): Ran {
        const ran = line.start("watch", ...args);
        running.push(ran);
        return ran;
    }
    const addressIn = async (ran: Ran): Promise<string> => {
        const address = await poll(() => /(http:\S+)/.exec(ran.stdout)?.[1], 30);
        assert.ok(address, ran.stderr);
        return address;
    };

    it("serves the page on loopback, says where, and ends when it is told to", async () => {
        const ran = watch("--port", "0", "--grafana", "https://grafana.example");
        const address = await addressIn(ran);
        assert.match(
            ran.stdout,
            /^The rollouts of c: http:\/\/127\.0\.0\.1:\d+\/\nIt only looks\. Ctrl-C ends it\.\n$/,
        );
        assert.equal(ran.stderr, "");
        const answer = await fetch(`${address}canaries/apps/rolled-back`);
        const text = await answer.text();
        assert.match(text, /Success rate was 50\.31 %/);
        assert.match(text, /https:\/\/grafana\.example\/d\//);
        ran.end();
        assert.equal(await ran.code, 0);
        await assert.rejects(fetch(address));
    });

    it("warns whoever opens it to others", async () => {
        const ran = watch("--port", "0", "--address", "0.0.0.0");
        await addressIn(ran);
        assert.match(ran.stderr, /^Warning: at 0\.0\.0\.0 everyone who reaches this machine can read the page/);
    });

    it("shows one namespace alone where one is given", async () => {
        await addressIn(watch("--port", "0", "--namespace", "apps"));
        assert.deepEqual(
            line.server.asked.filter((path) => !path.includes("/namespaces/apps/")),
            [],
        );
    });

    it("says that its port is taken, and ends with 2", async () => {
        const other = net.createServer();
        await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
        const { port } = other.address() as net.AddressInfo;
        const ran = line.start("watch", "--port", String(port));
        assert.equal(await ran.code, 2);
        assert.match(ran.stderr, new RegExp(`^Port ${port} of 127\\.0\\.0\\.1 is taken\\..*--port`));
        other.close();
    });

    it("tells whoever may not look at once, and whoever has no Flagger yet what is missing", async () => {
        line.remove();
        line = await CommandLine.before({ "/apis/flagger.app/v1beta1/canaries": [[403, "canaries is forbidden"]] });
        const refused = line.start("watch", "--port", "0");
        assert.equal(await refused.code, 2);
        assert.equal(refused.stderr, "The cluster could not be looked at: canaries is forbidden\n");
        line.remove();
        line = await CommandLine.before({});
        const early = watch("--port", "0");
        await addressIn(early);
        assert.match(early.stderr, /^This cluster knows no Canaries: Flagger is not installed in it, or not yet\.\n/);
    });
});
