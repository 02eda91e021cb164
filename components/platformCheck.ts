import { PlatformConnection } from "./connection";
import { Mesh } from "./mesh/mesh";
import { findMesh, meshes } from "./mesh/meshes";
import { isObject, outline } from "./shape";
import { Problems, checkPlain } from "./validation";

/** The same platform as an application sees it that asks for one of its meshes: as if it had no other. */
export function onMesh(platform: PlatformConnection, provider: string | undefined): PlatformConnection {
    const { secondMesh, gateway, ...shared } = platform;
    if (provider !== undefined && provider === secondMesh?.mesh.provider) {
        return { ...shared, ...secondMesh };
    }
    return { ...shared, ...(gateway !== undefined && { gateway }) };
}

/**
 * The first mesh of a platform, where an application is on the second one. It may have come from there: its namespace stays a
 * member, and the first mesh's gateway goes on leading to it.
 */
export function leftMesh(platform: PlatformConnection, provider: string | undefined): Mesh | undefined {
    const onSecond = provider !== undefined && provider !== platform.mesh.provider;
    return onSecond ? findMesh(platform.mesh.provider) : undefined;
}

/**
 * Checks the connection that a component is given, and which of its meshes it asks for; answers that mesh, if there is one.
 * Components that have nothing to do with a mesh ask for none.
 */
export function checkPlatformConnection(
    problems: Problems,
    platform: PlatformConnection | undefined,
    provider?: string,
): Mesh | undefined {
    if (!isObject(platform) || !isObject(platform.mesh)) {
        problems.add({
            path: "platform",
            // A kubeconfig may be in it.
            value: outline(platform),
            rule: "is not the plain connection of a platform; its mesh decides which resources exist",
            fix: 'Give `connection` of a ProgressiveMeshCluster; from another stack, `(await stack.getOutputDetails("connection")).secretValue`.',
        });
        return undefined;
    }
    const { secondMesh } = platform;
    if (secondMesh !== undefined && (!isObject(secondMesh) || !isObject(secondMesh.mesh))) {
        problems.add({
            path: "platform.secondMesh",
            value: outline(secondMesh),
            rule: "is not the plain connection of a second mesh",
            fix: asItIs,
        });
        return undefined;
    }
    const both = [platform.mesh.provider, secondMesh?.mesh.provider].filter((name) => typeof name === "string");
    if (provider !== undefined && !both.includes(provider)) {
        problems.add({
            path: "mesh",
            value: provider,
            rule: "is no mesh of the platform",
            fix: `Use one of ${both.join(", ")}, or leave it out to be on the platform's first mesh.`,
        });
        return undefined;
    }
    const asked = provider ?? platform.mesh.provider;
    const mesh = findMesh(asked);
    if (mesh === undefined) {
        problems.add({
            path: asked === platform.mesh.provider ? "platform.mesh.provider" : "platform.secondMesh.mesh.provider",
            value: asked,
            rule: "is not a mesh that this version knows",
            fix: `Use one of ${Object.keys(meshes).join(", ")}.`,
        });
    }
    checkPlain(problems, "platform.mesh.name", platform.mesh.name);
    checkParts(problems, platform);
    return mesh;
}

const asItIs = "Give `connection` of a ProgressiveMeshCluster as it is.";

/** What else decides which resources exist, or how they are named. */
function checkParts(problems: Problems, { gateway, identity, roles, mirror, secondMesh }: PlatformConnection): void {
    const parts = { gateway, identity, roles, mirror, "secondMesh.gateway": secondMesh?.gateway };
    for (const [key, part] of Object.entries(parts)) {
        if (part !== undefined && !isObject(part)) {
            problems.add({
                path: `platform.${key}`,
                value: outline(part),
                rule: "is not the plain object that a connection has there",
                fix: asItIs,
            });
        }
    }
    for (const key of ["chartRepository", "imageRegistry"] as const) {
        const value: unknown = isObject(mirror) ? mirror[key] : undefined;
        problems.require(value === undefined || typeof value === "string", {
            path: `platform.mirror.${key}`,
            value,
            rule: "is not a text that is known when the program runs",
            fix: asItIs,
        });
    }
}
