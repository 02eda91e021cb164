import assert from "node:assert/strict";

import { ServiceArgs, checkService, serviceSpec } from "../../../components/delivery/service";
import { appMesh } from "../../../components/mesh/appMesh";
import { linesOf, pathsOf } from "../problems";

const check = (service: unknown) => linesOf((p) => checkService(p, "service", service as ServiceArgs, appMesh));
const paths = (service: unknown) => pathsOf((p) => checkService(p, "service", service as ServiceArgs, appMesh));

const events = "server-error, gateway-error, client-error, stream-error";

describe("checkService", () => {
    it("accepts nothing, and everything that App Mesh takes", () => {
        assert.deepEqual(check(undefined), []);
        assert.deepEqual(
            check({
                port: 65535,
                portName: "grpc",
                timeout: "15s",
                retries: { attempts: 3, perTryTimeout: "5s", retryOn: events.split(", ") },
                match: [{ prefix: "/" }, { prefix: "/api" }],
                backends: ["db", "arn:aws:appmesh:::mesh/m/virtualService/s"],
            }),
            [],
        );
    });

    it("refuses events that the mesh would refuse, whatever other meshes call them", () => {
        assert.deepEqual(check({ retries: { attempts: 1, retryOn: ["gateway-error", "5xx"] } }), [
            'service.retries.retryOn[1]: "5xx" is not something that AWS App Mesh retries on; it would refuse the route and ' +
                `Flagger would stand still. Use some of ${events}.`,
        ]);
    });

    it("refuses retries on nothing", () => {
        const rest = `names nothing that counts as failed. Use some of ${events}.`;
        assert.deepEqual(check({ retries: { attempts: 1, retryOn: [] } }), [`service.retries.retryOn: [] ${rest}`]);
        assert.deepEqual(check({ retries: { attempts: 1 } }), [
            `service.retries.retryOn: nothing given, but it ${rest}`,
        ]);
    });

    // What Flagger's own documents write, and so what people will.
    it("refuses events as one text", () => {
        assert.deepEqual(paths({ retries: { attempts: 1, retryOn: "gateway-error,client-error" } }), [
            "service.retries.retryOn",
        ]);
    });

    it("refuses numbers, durations and paths that are none", () => {
        assert.deepEqual(
            paths({
                port: 0,
                timeout: "1h",
                retries: { attempts: 0, perTryTimeout: "500ms", retryOn: ["client-error"] },
                match: [{ prefix: "/" }, { prefix: "api" }, {}],
            }),
            [
                "service.port",
                "service.timeout",
                "service.retries.attempts",
                "service.retries.perTryTimeout",
                "service.match[1].prefix",
                "service.match[2].prefix",
            ],
        );
    });
});

describe("serviceSpec", () => {
    it("is the port alone where nothing else is given", () => {
        assert.deepEqual(serviceSpec({}, 80), { port: 80, targetPort: 80, portName: "http" });
    });

    it("is what Flagger's Canary calls it", () => {
        assert.deepEqual(
            serviceSpec(
                {
                    portName: "grpc-api",
                    timeout: "1m",
                    retries: { attempts: 2, retryOn: ["server-error", "stream-error"] },
                    match: [{ prefix: "/api" }],
                    backends: ["db"],
                },
                9898,
            ),
            {
                port: 9898,
                targetPort: 9898,
                portName: "grpc-api",
                timeout: "1m",
                retries: { attempts: 2, retryOn: "server-error,stream-error" },
                match: [{ uri: { prefix: "/api" } }],
                backends: ["db"],
            },
        );
    });
});
