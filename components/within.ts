import { duration } from "./units";

/** The outcome of a promise, or an error when it takes too long. */
export async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`no answer within ${duration(milliseconds / 1000)}`)), milliseconds);
    });
    try {
        return await Promise.race([promise, late]);
    } finally {
        clearTimeout(timer);
    }
}
