import { licences } from "./licences";

/** Prints what the package brings to its users, by licence. */
async function main(): Promise<void> {
    const byLicence = new Map<string, string[]>();
    for (const [name, licence] of Object.entries(await licences({ production: true }))) {
        byLicence.set(licence, [...(byLicence.get(licence) ?? []), name]);
    }
    for (const [licence, names] of [...byLicence].sort()) {
        process.stdout.write(`${licence} (${names.length})\n  ${names.sort().join("\n  ")}\n`);
    }
}

void main();
