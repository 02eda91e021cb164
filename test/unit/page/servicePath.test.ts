import assert from "node:assert/strict";

import { servicePath } from "../../../components/page/servicePath";

describe("the API server's path to a metrics server", () => {
    const paths: [url: string, path: string | undefined][] = [
        ["http://prometheus:9090", "api/v1/namespaces/flagger/services/http:prometheus:9090/proxy"],
        ["http://prometheus.mon", "api/v1/namespaces/mon/services/http:prometheus:80/proxy"],
        ["https://prometheus.mon.svc/", "api/v1/namespaces/mon/services/https:prometheus:443/proxy"],
        [
            "http://vm.mon.svc.cluster.local:8481/select/0/prometheus/",
            "api/v1/namespaces/mon/services/http:vm:8481/proxy/select/0/prometheus",
        ],
        // What is no Service of the cluster is not asked: the page reaches nothing but the API server.
        ["https://aps.example.com/workspaces/ws-1", undefined],
        ["http://10.0.0.7:9090", undefined],
        ["ftp://prometheus.mon", undefined],
        ["prometheus:9090", undefined],
        ["", undefined],
    ];
    for (const [url, path] of paths) {
        it(`${JSON.stringify(url)}: ${path ?? "none"}`, () => {
            assert.equal(servicePath(url, "flagger"), path);
        });
    }
});
