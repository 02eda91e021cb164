import * as pulumi from "@pulumi/pulumi";

import { ObjectRef } from "../objectNames";

/** An object that something else refers to. */
export interface InlineObject {
    ref: ObjectRef;
    resource: pulumi.Resource;
}

/** Makes what items ask for in place of naming one that exists; answers how to refer to each, by the item's index. */
export function makeInline<T>(
    items: T[] = [],
    make: (item: T) => InlineObject | undefined,
): { refs: Map<number, ObjectRef>; resources: pulumi.Resource[] } {
    const made = items.map(make);
    return {
        refs: new Map(made.flatMap((one, index) => (one === undefined ? [] : [[index, one.ref]]))),
        resources: made.flatMap((one) => (one === undefined ? [] : [one.resource])),
    };
}
