import { Json } from "./envoy";

/** What is changed of the headers of a request or of an answer. */
export interface HeaderChanges {
    set?: [name: string, value: string][];
    add?: [name: string, value: string][];
    remove?: string[];
}

/** The fields of a route, or of a target among weighted ones, that change headers. */
export function headerFields(request: HeaderChanges = {}, response: HeaderChanges = {}): Json {
    return { ...fieldsOf("request", request), ...fieldsOf("response", response) };
}

function fieldsOf(direction: "request" | "response", { set = [], add = [], remove = [] }: HeaderChanges): Json {
    const added = [
        ...set.map((header) => changed(header, "OVERWRITE_IF_EXISTS_OR_ADD")),
        ...add.map((header) => changed(header, "APPEND_IF_EXISTS_OR_ADD")),
    ];
    return {
        ...(added.length > 0 && { [`${direction}_headers_to_add`]: added }),
        ...(remove.length > 0 && { [`${direction}_headers_to_remove`]: remove }),
    };
}

/** Envoy takes `%` for the beginning of a variable. */
function changed([key, value]: [string, string], append_action: string): Json {
    return { header: { key, value: value.replace(/%/g, "%%") }, append_action };
}
