/** An image as a container names it. */
export interface Image {
    repository: string;
    tag?: string;
    digest?: string;
}

/** The parts of a reference to an image: a colon before the last slash is a port's. */
export function parseImage(reference: string): Image {
    const [named = "", digest] = reference.split("@");
    const [, repository = named, tag] = /^(.*?)(?::([^/:]*))?$/.exec(named) ?? [];
    return {
        repository,
        ...(tag !== undefined && tag !== "" && { tag }),
        ...(digest !== undefined && { digest }),
    };
}
