import { stackFileSchema } from "../stacks/settingsSchema";

process.stdout.write(`${JSON.stringify(stackFileSchema(), undefined, 4)}\n`);
