import { PlatformConnection } from "./connection";
import { Mesh } from "./mesh/mesh";
import { findMesh, meshes } from "./mesh/meshes";
import { isObject, outline } from "./shape";
import { Problems, checkPlain } from "./validation";

/** Checks the connection that a component is given; answers the mesh that it names, if there is one. */
export function checkPlatformConnection(
    problems: Problems,
    platform: PlatformConnection | undefined,
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
    const mesh = findMesh(platform.mesh.provider);
    if (mesh === undefined) {
        problems.add({
            path: "platform.mesh.provider",
            value: platform.mesh.provider,
            rule: "is not a mesh that this version knows",
            fix: `Use one of ${Object.keys(meshes).join(", ")}.`,
        });
    }
    checkPlain(problems, "platform.mesh.name", platform.mesh.name);
    return mesh;
}
