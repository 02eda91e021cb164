import { entryPath, isObject } from "../components/shape";

/** An entry of a tree: its key, and its path from the root on. */
export interface Entry {
    path: string;
    key: string;
    value: unknown;
    /** The object that it is in. */
    siblings: Record<string, unknown>;
}

/** All entries of objects in a tree, at any depth. */
export function entriesOf(path: string, tree: unknown): Entry[] {
    if (Array.isArray(tree)) {
        return tree.flatMap((element, index) => entriesOf(`${path}[${index}]`, element));
    }
    if (!isObject(tree)) {
        return [];
    }
    return Object.entries(tree).flatMap(([key, value]) => {
        const own = entryPath(path, key);
        return [{ path: own, key, value, siblings: tree }, ...entriesOf(own, value)];
    });
}
