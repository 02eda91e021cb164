import assert from "node:assert/strict";
import { ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import path from "node:path";

import { pause } from "../../lab/poll";

const lab = path.resolve(__dirname, "../../lab");

/** Runs TypeScript that may import from the lab's sandbox. */
function script(code: string): [string, string[]] {
    const source = `const { requireNamespaces, spawnSandboxed } = require(${JSON.stringify(path.join(lab, "sandbox.ts"))});\n${code}`;
    return [process.execPath, ["--import", "tsx", "--eval", source]];
}

function running(marker: string): number {
    const lines = execFileSync("ps", ["-eo", "args="]).toString().split("\n");
    return lines.filter((line) => line === marker).length;
}

async function until(holds: () => boolean): Promise<boolean> {
    for (let i = 0; i < 100 && !holds(); i++) {
        await pause(0.1);
    }
    return holds();
}

describe("the sandbox", () => {
    let child: ChildProcess | undefined;

    afterEach(() => child?.kill("SIGKILL"));

    it("is gone with all its processes when whoever started it is killed", async () => {
        const marker = "sleep 86399";
        const [node, args] = script(`spawnSandboxed(["sh", "-c", "${marker} & ${marker}"], "inherit");`);
        child = spawn(node, args, { stdio: "ignore" });
        assert.ok(await until(() => running(marker) === 2), "the processes have to be there first");
        child.kill("SIGKILL");
        assert.ok(await until(() => running(marker) === 0), "something is left running");
    });

    it("has no way to the network", () => {
        const [node, args] = script(
            `spawnSandboxed(["sh", "-c", "ip -o link | grep -vc lo:; ip route | wc -l"], "inherit");`,
        );
        const { stdout } = spawnSync(node, args);
        assert.equal(stdout.toString(), "0\n0\n");
    });

    it("serves at a socket of the outside that is handed in, and is reached there from outside", () => {
        const inside = `
            const { handOn } = require(${JSON.stringify(path.join(lab, "sockets.ts"))});
            require("node:child_process").execFileSync("ip", ["link", "set", "lo", "up"]);
            const server = require("node:http").createServer((_, response) => response.end("from inside"));
            server.listen(0, "127.0.0.1", () => handOn(3, server.address().port, "127.0.0.1"));`;
        const [node, args] = script(`
            const { addressOf, handleOf, listen } = require(${JSON.stringify(path.join(lab, "sockets.ts"))});
            listen().then(async (socket) => {
                const argv = [process.execPath, "--import", "tsx", "--eval", ${JSON.stringify(inside)}];
                spawnSandboxed(argv, ["ignore", "ignore", "inherit", handleOf(socket)]);
                const address = addressOf(socket);
                socket.close();
                process.stdout.write(await (await fetch(address)).text());
                process.exit();
            });`);
        // The suite's own sandbox has a loopback that nobody has needed yet; elsewhere it is up.
        spawnSync("ip", ["link", "set", "lo", "up"]);
        const { stdout, stderr } = spawnSync(node, args);
        assert.equal(stdout.toString(), "from inside", stderr.toString());
    });

    it("says what to change where the system refuses it", () => {
        const [node, args] = script("requireNamespaces();");
        // In a namespace of its own, in which no further ones are allowed.
        const result = spawnSync("unshare", [
            ...["-Ur", "--", "sh", "-c", 'echo 0 > /proc/sys/user/max_user_namespaces; exec "$@"', "sh"],
            ...[node, ...args],
        ]);
        assert.notEqual(result.status, 0);
        assert.match(result.stderr.toString(), /This system refuses the namespaces that the lab lives in: unshare/);
        assert.match(result.stderr.toString(), /remedy: 'Allow them: sudo sysctl -w user\.max_user_namespaces=10000'/);
    });
});
