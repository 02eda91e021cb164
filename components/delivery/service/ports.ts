import { Fields, checkPattern } from "../../shape";
import { Problems, checkInteger } from "../../validation";

/** Checks a port's number; an absent one passes. */
export function checkPort(problems: Problems, path: string, value: unknown): void {
    checkInteger(problems, path, value, 1, 65535, "a port");
}

/** Checks the ports of a service: numbers, names and protocol. */
export function checkPorts(problems: Problems, path: string, service: Fields): void {
    checkPort(problems, `${path}.port`, service.port);
    checkPortName(problems, `${path}.portName`, service.portName);
    checkPort(problems, `${path}.targetPort`, service.targetPort);
    checkTargetName(problems, `${path}.targetPortName`, service.targetPortName);
    problems.require(service.targetPort === undefined || service.targetPortName === undefined, {
        path: `${path}.targetPortName`,
        value: service.targetPortName,
        rule: "stands beside targetPort, and a service has one target",
        fix: "Keep the number or the name.",
    });
    checkPattern(
        problems,
        `${path}.appProtocol`,
        service.appProtocol,
        /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?(?=.{1,63}$)[A-Za-z0-9]([-_.A-Za-z0-9]*[A-Za-z0-9])?$/,
        "is not a protocol that Kubernetes takes",
        `Write it like "http", "grpc", "tcp" or "kubernetes.io/h2c".`,
    );
}

function checkPortName(problems: Problems, path: string, value: unknown): void {
    problems.require(
        value === undefined || (typeof value === "string" && /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(value)),
        {
            path,
            value,
            rule:
                "is not the name of a service's port, which has at most 63 lower-case letters, digits and dashes; the " +
                "cluster would refuse the service and Flagger would stand still",
            fix: `Write it like "http" or "grpc-api".`,
        },
    );
}

function checkTargetName(problems: Problems, path: string, value: unknown): void {
    problems.require(
        value === undefined ||
            (typeof value === "string" && /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/.test(value)),
        {
            path,
            value,
            rule:
                "is not the name of a container's port, which has at most 15 lower-case letters, digits and single " +
                "dashes, a letter among them; the cluster would refuse the service and Flagger would stand still",
            fix: `Write it like "http" or "grpc-api".`,
        },
    );
}
