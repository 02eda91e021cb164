import http from "node:http";

import { Durations } from "./durations";

/**
 * Stands in for podinfo. The image's tag says how it behaves: `6.0.1` answers well, `6.0.1-errors50` fails half of its
 * requests with 500 and `6.0.1-errors0.4` four of a thousand, `6.0.1-slow800` takes 800 ms for each, `6.0.1-unready` is
 * never ready, `6.0.1-crash` ends at once, `6.0.1-abrupt` ends without a farewell when it is told to end. The variable `FAULT` says the same: `errors50`.
 */
const [image = "", port = "9898"] = process.argv.slice(2);
const tag = /:([^:/@]+)$/.exec(image)?.[1] ?? "unknown";
const faults = `${tag}-${process.env.FAULT ?? ""}`;
const errors = Number(/-errors(\d+(?:\.\d+)?)/.exec(faults)?.[1] ?? 0);
const slow = Number(/-slow(\d+)/.exec(faults)?.[1] ?? 0);
const unready = /-unready\b/.test(faults);
const abrupt = /-abrupt\b/.test(faults);
if (/-crash\b/.test(faults)) {
    process.stderr.write("fault of the lab: crash\n");
    process.exit(1);
}
// What probes and tests ask stays well, so that only real traffic shows the fault.
const spared = new Set(["/healthz", "/readyz", "/token"]);

/** How long it goes on answering after it is told to end, as podinfo does: until everybody has found the others. */
const farewell = 3000;

let requests = 0;
let ending = false;
const durations = new Durations();

const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://application");
    if (pathname === "/metrics") {
        response.writeHead(200, { "content-type": "text/plain" }).end(String(durations));
        return;
    }
    const began = performance.now();
    const faulty = !spared.has(pathname);
    requests += faulty ? 1 : 0;
    // Spread evenly, so that a short measurement sees the share that was asked for.
    const fails = faulty && Math.floor((requests * errors) / 100) > Math.floor(((requests - 1) * errors) / 100);
    const wanted = /^\/status\/(\d{3})$/.exec(pathname)?.[1];
    const seconds = Number(/^\/delay\/(\d+)$/.exec(pathname)?.[1] ?? 0);
    setTimeout(
        () => {
            const status = fails ? 500 : pathname === "/readyz" && (unready || ending) ? 503 : Number(wanted ?? 200);
            response.writeHead(status, { "content-type": "application/json" });
            const body = pathname === "/token" ? { token: tag } : { hostname: process.env.HOSTNAME, version: tag };
            response.end(`${JSON.stringify(fails ? { ...body, error: "fault of the lab" } : body)}\n`);
            if (faulty) {
                durations.observe(status, (performance.now() - began) / 1000);
            }
        },
        seconds * 1000 + (faulty ? slow : 0),
    );
    request.resume();
});
server.listen(Number(port), "0.0.0.0");

process.on("SIGTERM", () => {
    if (abrupt) {
        process.exit();
    }
    ending = true;
    setTimeout(() => server.close(() => process.exit()), farewell);
});
