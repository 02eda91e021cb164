import { passes } from "../page/checks";
import { decode, encode } from "./codec";
import { CheckRecord, RolloutRecord, SaidRecord } from "./record";

/** What all records of a Canary may take: a quarter of what Kubernetes lets a ConfigMap hold. */
export const allBytes = 256 * 1024;

/** A sentence that is longer than this is cut: Kubernetes says of pods whatever their programs printed. */
const longest = 1000;

const bytesOf = (text: string) => Buffer.byteLength(text);

/** A record as a text of at most so many bytes, with what fits of it; it says how much is left out. */
export function encodeWithin(record: RolloutRecord, bytes: number): string {
    let fitting = withShortTexts(record);
    for (let text = encode(fitting); ; text = encode(fitting)) {
        const smaller = bytesOf(text) <= bytes ? undefined : thinned(fitting);
        if (smaller === undefined) {
            return text;
        }
        fitting = smaller;
    }
}

/** What is to be changed in a ConfigMap's data so that it holds this record too: texts to set, and null for what goes. */
export function changesFor(
    data: Record<string, string>,
    record: RolloutRecord,
    { rollouts, replaces }: { rollouts: number; replaces?: string },
): Record<string, string | null> {
    const key = keyOf(record.began);
    const text = encodeWithin(record, Math.floor(allBytes / rollouts));
    const changes: Record<string, string | null> = { [key]: text };
    if (replaces !== undefined && keyOf(replaces) !== key) {
        changes[keyOf(replaces)] = null;
    }
    let [count, sum] = [1, bytesOf(text)];
    const others = Object.keys(data).filter((other) => !(other in changes) && decode(data[other]!) !== undefined);
    // Newest first: their names are their times.
    for (const other of others.sort().reverse()) {
        count += 1;
        sum += bytesOf(data[other]!);
        if (count > rollouts || sum > allBytes) {
            changes[other] = null;
        }
    }
    return changes;
}

/** The name of a record in its ConfigMap, where no colon may stand. */
export function keyOf(began: string): string {
    return `${began.replaceAll(":", "")}.json`;
}

function withShortTexts(record: RolloutRecord): RolloutRecord {
    const short = (text: string) => (text.length > longest ? `${text.slice(0, longest)}...` : text);
    return {
        ...record,
        says: short(record.says),
        evidence: record.evidence.slice(0, 10).map(short),
        ...(record.unmeasured !== undefined && { unmeasured: short(record.unmeasured) }),
        said: record.said.map((said) => ({ ...said, text: short(said.text) })),
    };
}

/** Less of what takes most, and how much of it went; undefined where nothing is left to go. */
function thinned(record: RolloutRecord): RolloutRecord | undefined {
    const { checks, looks, said, leftOut } = record;
    const fewer = { checks: checks.map(fewerSamples), looks: halved(looks), said: fewerSaid(said) };
    const samplesOf = (all: CheckRecord[]) => all.flatMap(({ samples }) => samples);
    const parts = [
        { name: "samples", of: "checks", all: samplesOf(checks), kept: samplesOf(fewer.checks) },
        { name: "looks", of: "looks", all: looks, kept: fewer.looks },
        { name: "said", of: "said", all: said, kept: fewer.said },
    ] as const;
    const size = (list: readonly unknown[]) => bytesOf(JSON.stringify(list));
    const largest = [...parts].sort((a, b) => size(b.all) - size(a.all))[0]!;
    const { name, of, all, kept } = largest;
    return all.length === 0
        ? undefined
        : {
              ...record,
              [of]: fewer[of],
              leftOut: { ...leftOut, [name]: (leftOut?.[name] ?? 0) + all.length - kept.length },
          };
}

/** Every other of those that passed; where none is left of them, of all. The first and the last stay as long as that. */
function fewerSamples(check: CheckRecord): CheckRecord {
    const { samples } = check;
    const inner = samples.flatMap(([, value], at) =>
        at > 0 && at < samples.length - 1 && passes(value, check) ? [at] : [],
    );
    const gone = new Set(inner.filter((_, index) => index % 2 === 0));
    return { ...check, samples: gone.size === 0 ? halved(samples) : samples.filter((_, at) => !gone.has(at)) };
}

/** The warnings alone; where they are all, their later half: the end says most. */
function fewerSaid(said: SaidRecord[]): SaidRecord[] {
    const warnings = said.filter(({ warning }) => warning === true);
    const half = said.slice(Math.ceil(said.length / 2));
    return warnings.length > 0 && warnings.length < said.length ? warnings : half;
}

/** Every other of a list, the last among them; of one alone none. */
function halved<T>(list: readonly T[]): T[] {
    return list.length <= 1 ? [] : list.filter((_, index) => (list.length - 1 - index) % 2 === 0);
}
