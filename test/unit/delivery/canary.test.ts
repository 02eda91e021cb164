import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { CanarySpecArgs, canarySpec } from "../../../components/delivery/canary";
import { at } from "../graph";

const least: CanarySpecArgs = {
    namespace: "apps",
    provider: "appmesh:v1beta2",
    targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "shop" },
    port: 80,
    service: {},
    analysis: { interval: "1m", threshold: 5, steps: { stepWeight: 10, maxWeight: 50 } },
    metrics: [{ name: "request-duration", interval: "1m", thresholdRange: { max: 500 } }],
    alerts: [],
};

describe("canarySpec", () => {
    it("has nothing that was not asked for", () => {
        assert.deepEqual(canarySpec(least), {
            provider: "appmesh:v1beta2",
            targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "shop" },
            service: { port: 80, portName: "http", targetPort: 80 },
            analysis: {
                interval: "1m",
                threshold: 5,
                stepWeight: 10,
                maxWeight: 50,
                metrics: [{ name: "request-duration", interval: "1m", thresholdRange: { max: 500 } }],
            },
        });
    });

    it("has everything in its place", () => {
        const autoscalerRef = { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", name: "shop" };
        const alerts = [{ name: "on-call", severity: "error", providerRef: { name: "slack" } }];
        assert.deepEqual(
            canarySpec({
                ...least,
                autoscalerRef,
                metricsServer: "http://prometheus:9090",
                progressDeadlineSeconds: 60,
                skipAnalysis: true,
                suspend: true,
                revertOnDeletion: true,
                service: { portName: "web", targetPort: 8080 },
                alerts,
            }),
            {
                provider: "appmesh:v1beta2",
                targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "shop" },
                autoscalerRef,
                metricsServer: "http://prometheus:9090",
                progressDeadlineSeconds: 60,
                skipAnalysis: true,
                suspend: true,
                revertOnDeletion: true,
                service: { port: 80, portName: "web", targetPort: 8080 },
                analysis: {
                    interval: "1m",
                    threshold: 5,
                    stepWeight: 10,
                    maxWeight: 50,
                    metrics: [{ name: "request-duration", interval: "1m", thresholdRange: { max: 500 } }],
                    alerts,
                },
            },
        );
    });

    it("says what is switched off, where that was said", () => {
        const { skipAnalysis, suspend, revertOnDeletion } = canarySpec({
            ...least,
            skipAnalysis: false,
            suspend: false,
            revertOnDeletion: false,
        });
        assert.deepEqual([skipAnalysis, suspend, revertOnDeletion], [false, false, false]);
    });

    it("calls gates first, then tests, then what is the user's, all at the namespace's own load tester", () => {
        const url = "http://flagger-loadtester.apps/";
        const spec = canarySpec({
            ...least,
            acceptanceTest: { command: "curl a" },
            loadTest: { command: "hey b" },
            webhooks: [{ name: "smoke", url: "http://tests.ops/smoke" }],
            gates: { rollout: {} },
        });
        assert.deepEqual(at(spec, "analysis", "webhooks"), [
            { name: "rollout-gate", type: "confirm-rollout", url: `${url}gate/check`, timeout: "10s" },
            // Before the acceptance test: where that fails, Flagger calls no later one.
            { name: "close-gate-before-analysis", type: "pre-rollout", url: `${url}gate/close`, timeout: "10s" },
            { name: "close-gate", type: "post-rollout", url: `${url}gate/close`, timeout: "10s" },
            {
                name: "acceptance-test",
                type: "pre-rollout",
                url,
                timeout: "30s",
                metadata: { type: "bash", cmd: "curl a" },
            },
            { name: "load-test", type: "rollout", url, timeout: "5s", metadata: { type: "cmd", cmd: "hey b" } },
            { name: "smoke", type: "rollout", url: "http://tests.ops/smoke", timeout: "10s" },
        ]);
    });

    it("lets fields of one's own win, and leaves their neighbours", () => {
        const spec = canarySpec({
            ...least,
            overrides: {
                ingressRef: { apiVersion: "networking.k8s.io/v1", kind: "Ingress", name: "shop" },
                analysis: { maxWeight: 30, metrics: [], match: [{ sourceLabels: { app: "web" } }] },
            },
        });
        assert.deepEqual(spec, {
            provider: "appmesh:v1beta2",
            targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "shop" },
            ingressRef: { apiVersion: "networking.k8s.io/v1", kind: "Ingress", name: "shop" },
            service: { port: 80, portName: "http", targetPort: 80 },
            analysis: {
                interval: "1m",
                threshold: 5,
                stepWeight: 10,
                maxWeight: 30,
                match: [{ sourceLabels: { app: "web" } }],
                metrics: [],
            },
        });
    });

    it("keeps a secret a secret, and its neighbours open", () => {
        const url = pulumi.secret("http://tests.ops/token");
        const metricsServer = pulumi.secret("http://user:password@prometheus:9090");
        const spec = canarySpec({
            ...least,
            metricsServer,
            webhooks: [{ name: "smoke", url }],
            overrides: { analysis: { threshold: 3 } },
        });
        assert.equal(spec.metricsServer, metricsServer);
        assert.equal(at(spec, "analysis", "webhooks", 0, "url"), url);
        assert.equal(at(spec, "analysis", "threshold"), 3);
    });
});
