import { describeError } from "../lab/labError";
import { note, say } from "../lab/screen";
import { policiesOfPlatform, policyPlatforms } from "../test/unit/policyPlatforms";
import { stackPolicies } from "../test/unit/stackPolicies";
import { NamedPolicy } from "./policies/document";
import { isOutdated, remarks } from "./policies/parliament";

/** Every policy that the platforms of the tests make, and that of the identity which deploys them, by names for people. */
async function policies(): Promise<NamedPolicy[]> {
    const found: NamedPolicy[] = [];
    for (const [title, args] of Object.entries(policyPlatforms)) {
        const made = await policiesOfPlatform(args);
        found.push(...made.map((policy) => ({ ...policy, name: `${title}: ${policy.name}` })));
    }
    for (const [stack, document] of Object.entries(await stackPolicies())) {
        found.push({ name: `who deploys ${stack}`, kind: "identity", document });
    }
    // Of who may take a role parliament knows nothing.
    return found.filter(({ kind }) => kind === "identity");
}

/** Ends with 1 where parliament finds something in a policy. */
async function main(): Promise<number> {
    const all = await policies();
    const found = (await remarks(all)).filter(([, remark]) => !isOutdated(remark));
    for (const [name, { issue, severity, title, detail, location }] of found) {
        note(`${name}: ${severity} ${issue}: ${title} ${JSON.stringify(detail)} ${JSON.stringify(location.string)}`);
    }
    say(`parliament has read ${all.length} policies and found ${found.length} faults`);
    return found.length === 0 ? 0 : 1;
}

main().then(
    (code) => {
        process.exitCode = code;
    },
    (error: Error) => {
        note(describeError(error));
        process.exitCode = 1;
    },
);
