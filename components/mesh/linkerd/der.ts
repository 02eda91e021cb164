// DER, the encoding of certificates: each value is a tag, its length, and its bytes (ITU-T X.690).

const tags = {
    boolean: 0x01,
    integer: 0x02,
    bitString: 0x03,
    octetString: 0x04,
    oid: 0x06,
    utf8: 0x0c,
    utcTime: 0x17,
    generalizedTime: 0x18,
    sequence: 0x30,
    set: 0x31,
} as const;

function encoded(tag: number, ...parts: Buffer[]): Buffer {
    const content = Buffer.concat(parts);
    const { length } = content;
    if (length < 0x80) {
        return Buffer.concat([Buffer.from([tag, length]), content]);
    }
    const size = length < 0x100 ? [length] : [length >> 8, length & 0xff];
    return Buffer.concat([Buffer.from([tag, 0x80 | size.length, ...size]), content]);
}

export const sequence = (...parts: Buffer[]): Buffer => encoded(tags.sequence, ...parts);
export const set = (...parts: Buffer[]): Buffer => encoded(tags.set, ...parts);
export const octetString = (content: Buffer): Buffer => encoded(tags.octetString, content);
export const utf8 = (text: string): Buffer => encoded(tags.utf8, Buffer.from(text));
export const boolean = (value: boolean): Buffer => encoded(tags.boolean, Buffer.from([value ? 0xff : 0]));

/** A value that its place says the meaning of. `constructed` where it holds others. */
export const inContext = (number: number, content: Buffer, constructed = false): Buffer =>
    encoded(0x80 | (constructed ? 0x20 : 0) | number, content);

/** A whole number that is not negative, by its bytes. */
export function integer(bytes: Buffer): Buffer {
    const first = bytes.findIndex((byte) => byte !== 0);
    const digits = first === -1 ? Buffer.from([0]) : bytes.subarray(first);
    // The highest bit would be a sign.
    return encoded(tags.integer, digits[0]! >= 0x80 ? Buffer.from([0]) : Buffer.alloc(0), digits);
}

/** Bits, of which the last `unused` do not count. */
export const bitString = (content: Buffer, unused = 0): Buffer =>
    encoded(tags.bitString, Buffer.from([unused]), content);

/** An object identifier as people write it, "2.5.4.3". */
export function oid(text: string): Buffer {
    const [first, second, ...rest] = text.split(".").map(Number) as [number, number, ...number[]];
    return encoded(tags.oid, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** Seven bits a byte, the highest first; all but the last are marked. */
function base128(value: number): number[] {
    const digits = [value % 0x80];
    for (let left = Math.floor(value / 0x80); left > 0; left = Math.floor(left / 0x80)) {
        digits.unshift(0x80 | (left % 0x80));
    }
    return digits;
}

/** A point in time to the second. Certificates have the short form up to 2049, and the long one from then on. */
export function time(date: Date): Buffer {
    const text = `${date.toISOString().replace(/[-:T]|\.\d+/g, "")}`;
    return date.getUTCFullYear() < 2050
        ? encoded(tags.utcTime, Buffer.from(text.slice(2)))
        : encoded(tags.generalizedTime, Buffer.from(text));
}
