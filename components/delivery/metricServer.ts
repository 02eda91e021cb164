import { checkHeaderNames, checkUrl, hasUserInfo, redacted } from "../http";
import { checkSwitch, entryPath, isLater, isObject, outline } from "../shape";
import { Problems } from "../validation";
import { MetricProvider, waysOf } from "./metricProviders";
import type { MetricTemplateArgs } from "./metricTemplate";

/** Checks where the server of a template is and how Flagger asks it, against what Flagger reads for its kind. */
export function checkMetricServer(
    problems: Problems,
    path: string,
    template: MetricTemplateArgs,
    provider: MetricProvider,
): void {
    checkAddress(problems, `${path}.address`, template, provider);
    checkRegion(problems, `${path}.region`, template, provider);
    checkHeaders(problems, `${path}.headers`, template, provider);
    checkInsecure(problems, `${path}.insecureSkipVerify`, template, provider);
}

function checkAddress(problems: Problems, path: string, template: MetricTemplateArgs, provider: MetricProvider): void {
    const { address, provider: name } = template;
    if (address === undefined) {
        problems.require(provider.address !== "required", {
            path,
            rule: `is required for ${name}: Flagger would fail every check`,
            fix: `Give a URL, like "http://${name}.monitoring".`,
        });
        return;
    }
    if (provider.address === "unused") {
        problems.add({ path, value: redacted(address), rule: `is not read for ${name}`, fix: "Leave it out." });
        return;
    }
    const schemes = name === "splunk" ? ["https", "http", "wss", "ws"] : ["https", "http"];
    const rules = { schemes, otherwise: "Flagger would fail every check", shown: true };
    if (!checkUrl(problems, path, address, rules) || typeof address !== "string") {
        return;
    }
    problems.require(!hasUserInfo(address), {
        path,
        value: redacted(address),
        rule: "holds credentials, which everyone could read in the template",
        fix: provider.keys.length > 0 ? "Give them as `credentials`." : "Leave them out.",
    });
    problems.require(!(provider.appendsPath && address.endsWith("/")), {
        path,
        value: redacted(address),
        rule: "ends with a slash, and the path that Flagger puts right behind it begins with one",
        fix: "Leave the last slash out.",
    });
}

function checkRegion(problems: Problems, path: string, template: MetricTemplateArgs, provider: MetricProvider): void {
    const { region, provider: name } = template;
    const fix = 'Give the name of an AWS region, like "eu-central-1".';
    if (provider.reads?.includes("region")) {
        if (region === undefined) {
            problems.add({ path, rule: `is required for ${name}: Flagger would fail every check`, fix });
        } else if (!isLater(region)) {
            problems.require(typeof region === "string" && /^[a-z]{2,}(-[a-z]+)+-[0-9]+$/.test(region), {
                path,
                value: region,
                rule: "is not a region of AWS: Flagger would fail every check",
                fix,
            });
        }
        return;
    }
    problems.require(region === undefined, {
        path,
        value: region,
        rule: `is not read for ${name}`,
        fix: "Leave it out.",
    });
}

function checkHeaders(problems: Problems, path: string, template: MetricTemplateArgs, provider: MetricProvider): void {
    const { headers, provider: name } = template;
    if (headers === undefined) {
        return;
    }
    if (!provider.reads?.includes("headers")) {
        problems.add({ path, value: outline(headers), rule: `is not sent to ${name}`, fix: "Leave it out." });
        return;
    }
    if (!isObject(headers)) {
        problems.add({
            path,
            value: outline(headers),
            rule: "is not a record of header names, each with a list of values",
            fix: 'Write it like { "X-Scope-OrgID": ["team-a"] }.',
        });
        return;
    }
    problems.require(!isObject(template.credentials) || template.credentials.token === undefined, {
        path,
        value: outline(headers),
        rule:
            "has no place beside credentials.token: Flagger would add the token to these headers again with " +
            "each query, until the server refuses them",
        fix: "Give username and password, or leave the headers out.",
    });
    checkHeaderNames(problems, path, Object.keys(headers), "Flagger would fail every check");
    for (const [header, values] of Object.entries(headers)) {
        if (header.toLowerCase() === "authorization") {
            problems.add({
                path,
                value: header,
                rule: "holds credentials, which everyone could read in the template",
                fix: `Give them as \`credentials\`: ${waysOf(provider)}.`,
            });
            continue;
        }
        problems.require(
            Array.isArray(values) &&
                values.length > 0 &&
                values.every((value) => typeof value === "string" && !/[\r\n\0]/.test(value)),
            {
                path: entryPath(path, header),
                // A header may hold a key.
                secret: true,
                rule: "is not a list of texts without line breaks",
                fix: 'Write it like ["team-a"].',
            },
        );
    }
}

function checkInsecure(problems: Problems, path: string, template: MetricTemplateArgs, provider: MetricProvider): void {
    const { insecureSkipVerify: value, provider: name } = template;
    if (!checkSwitch(problems, path, value)) {
        return;
    }
    problems.require(!value || provider.reads?.includes("insecureSkipVerify") === true, {
        path,
        value,
        rule:
            name === "externalmetrics"
                ? "is refused by Flagger's client beside the cluster's certificates: it would fail every check"
                : `is not read for ${name}`,
        fix: "Leave it out.",
    });
}
