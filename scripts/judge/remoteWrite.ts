/** One series with what it held at some times, in milliseconds. */
export interface Samples {
    /** The labels as `seriesLabels` encodes them. */
    labels: Buffer;
    values: { time: number; value: number }[];
}

/*
 * Prometheus' remote write, version 1: a WriteRequest of protocol buffers in a block of Snappy. What a client library would bring
 * is here five field numbers; the block is not compressed, which Snappy's format allows.
 */

function varint(value: number): number[] {
    const bytes: number[] = [];
    let rest = value;
    while (rest >= 128) {
        bytes.push((rest % 128) + 128);
        rest = Math.floor(rest / 128);
    }
    return [...bytes, rest];
}

/** A field that holds bytes. */
function field(number: number, content: Buffer): Buffer {
    return Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(content.length)]), content]);
}

/** The labels of a series, which have to be in the order of their names. */
export function seriesLabels(labels: Record<string, string>): Buffer {
    const sorted = Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1));
    return Buffer.concat(
        sorted.map(([name, value]) =>
            field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(value))])),
        ),
    );
}

function sample(time: number, value: number): Buffer {
    const double = Buffer.alloc(9);
    double[0] = (1 << 3) | 1;
    double.writeDoubleLE(value, 1);
    return field(2, Buffer.concat([double, Buffer.from([2 << 3, ...varint(time)])]));
}

function snappy(content: Buffer): Buffer {
    const parts: Buffer[] = [Buffer.from(varint(content.length))];
    const most = 65_536;
    for (let at = 0; at < content.length; at += most) {
        const piece = content.subarray(at, at + most);
        const header = Buffer.from([61 << 2, 0, 0]);
        header.writeUInt16LE(piece.length - 1, 1);
        parts.push(header, piece);
    }
    return Buffer.concat(parts);
}

/** The body of a request that writes these series. */
export function writeRequest(series: readonly Samples[]): Buffer {
    const encoded = series.map(({ labels, values }) =>
        field(1, Buffer.concat([labels, ...values.map(({ time, value }) => sample(time, value))])),
    );
    return snappy(Buffer.concat(encoded));
}
