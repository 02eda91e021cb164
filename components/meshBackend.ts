import * as pulumi from "@pulumi/pulumi";

import { appProvider } from "./appProvider";
import { PlatformConnection } from "./connection";
import { boundDeletion } from "./destroy/bounds";
import { Mesh } from "./mesh/mesh";
import { checkPlatformConnection, onMesh } from "./platformCheck";
import { isLater, problemsOf } from "./shape";
import { Problems, checkInteger, checkName } from "./validation";

/** A service outside the mesh that applications inside may call: a database, a queue, an API. */
export interface MeshBackendArgs {
    /** The platform to run on: `connection` of a `ProgressiveMeshCluster`, of this program or another stack. */
    platform: PlatformConnection;
    /**
     * The namespace of the applications that call the service. It has to exist and to be a member of the mesh: see
     * above for one that a `CanaryApp` makes. Where every namespace has a mesh of its own, each one needs its own backend.
     */
    namespace: string;
    /**
     * Which of the platform's meshes it is for.
     * @default - the platform's first mesh
     */
    mesh?: string;
    /**
     * The name by which an application in the same namespace allows the service. No application of the namespace may
     * have it too: Flagger and this component would make the same objects.
     * @default - the component's name
     */
    backendName?: string;
    /**
     * The DNS name that leads to the service and by which applications call it, without a port:
     * "mariadb.data.svc.cluster.local", or the `address` (not the `endpoint`) of an RDS instance. A mesh knows each
     * name once.
     */
    hostname: pulumi.Input<string>;
    /** The port that the service listens on: 1 to 65535. */
    port: number;
    /**
     * `tcp` for databases, queues and everything that is encrypted, `http` for plain HTTP.
     * @default "tcp"
     */
    protocol?: string;
}

const protocols = ["tcp", "http"];

/** Checks all arguments and answers the mesh that they name. */
function checkMeshBackend(name: string, args: MeshBackendArgs): Mesh {
    const problems = problemsOf("MeshBackend", name, args);
    const mesh = checkPlatformConnection(problems, args.platform, args.mesh);
    checkName(problems, "namespace", args.namespace);
    checkName(problems, args.backendName === undefined ? "name" : "backendName", args.backendName ?? name);
    checkHostname(problems, args.hostname);
    if (args.port === undefined) {
        problems.add({ path: "port", rule: "is required", fix: "Give the port that the service listens on." });
    }
    checkInteger(problems, "port", args.port, 1, 65535, "a port");
    problems.require(args.protocol === undefined || protocols.includes(args.protocol), {
        path: "protocol",
        value: args.protocol,
        rule: "is not a protocol that a backend can speak",
        fix: `Use one of ${protocols.join(", ")}; "tcp" carries any other.`,
    });
    problems.require(mesh === undefined || mesh.backend !== undefined, {
        path: args.mesh === undefined ? "platform" : "mesh",
        value: mesh?.title,
        rule: "is a mesh whose applications call services outside it without more ado",
        fix: "Leave the backend out, and let applications call the host name.",
    });
    problems.throwIfAny(`MeshBackend "${name}"`);
    return mesh!;
}

function checkHostname(problems: Problems, hostname: unknown): void {
    if (isLater(hostname)) {
        return;
    }
    problems.require(typeof hostname === "string" && isDnsName(hostname), {
        path: "hostname",
        value: hostname,
        rule: "is not a DNS name: the mesh would find no service by it, and every call would fail",
        fix: 'Write it like "db.data.svc.cluster.local": no scheme, port, path or last dot, and no IP address.',
    });
}

/** Whether it is a host name of DNS and no IP address, which would end in a number. */
function isDnsName(hostname: string): boolean {
    const labels = hostname.split(".");
    return (
        hostname.length <= 253 &&
        labels.every((label) => /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/i.test(label)) &&
        !/^[0-9]+$/.test(labels.at(-1)!)
    );
}

/**
 * A service outside the mesh, such as a database, made known to the mesh: applications that name it in
 * `service.backends` can call it.
 *
 * Where a `CanaryApp` makes the namespace, the backend has to come after the application: name the backend in the
 * application as a plain string, its name or its ARN, and let the backend `dependsOn` the application. By the outputs
 * `backendName` or `arn` the application would wait for a backend that has no namespace yet. With `waitForPromotion`
 * neither works, for the application's proxies start only once its backends are there: make the namespace elsewhere,
 * and give the application `createNamespace: false`.
 *
 * Errors in the arguments are one `pulumi.InputPropertiesError`, thrown before anything is registered.
 */
export class MeshBackend extends pulumi.ComponentResource {
    /** What an application of the same namespace names in `service.backends`. */
    public readonly backendName: pulumi.Output<string>;
    /** The same for an application anywhere in the mesh; empty where the platform has no identity. */
    public readonly arn: pulumi.Output<string>;

    constructor(name: string, args: MeshBackendArgs, opts?: pulumi.ComponentResourceOptions) {
        const mesh = checkMeshBackend(name, args);
        super("pulumi-progressive-mesh:index:MeshBackend", name, {}, boundDeletion(opts));

        const { platform, namespace, hostname, port } = args;
        const names = mesh.backend!({
            childName: name,
            name: args.backendName ?? name,
            namespace,
            hostname,
            port,
            protocol: args.protocol ?? "tcp",
            connection: onMesh(platform, args.mesh),
            opts: { parent: this, provider: appProvider(name, platform, this, opts) },
        });
        this.backendName = names.name;
        this.arn = names.arn;
        this.registerOutputs({ backendName: this.backendName, arn: this.arn });
    }
}
