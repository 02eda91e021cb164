import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { Tool } from "./tools";

/** The tool among the plugins of the user's own Pulumi, where it is there in a version that fits. */
export function installedPlugin(
    { plugin }: Pick<Tool, "plugin">,
    home = process.env.PULUMI_HOME ?? path.join(os.homedir(), ".pulumi"),
): string | undefined {
    const plugins = path.join(home, "plugins");
    if (plugin === undefined || !fs.existsSync(plugins)) {
        return undefined;
    }
    const prefix = `resource-${plugin.name}-v`;
    return (
        fs
            .readdirSync(plugins)
            .filter((name) => name.startsWith(prefix) && plugin.fits.test(name.slice(prefix.length)))
            // Pulumi marks what it has not wholly installed.
            .filter((name) => !fs.existsSync(path.join(plugins, `${name}.partial`)))
            .map((name) => path.join(plugins, name, `pulumi-resource-${plugin.name}`))
            .find((executable) => fs.existsSync(executable))
    );
}
