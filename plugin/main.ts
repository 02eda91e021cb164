import * as pulumi from "@pulumi/pulumi";

import { ComponentPlugin } from "./componentPlugin";

// Pulumi's Node.js runtime loads this file where PulumiPlugin.yaml asks for it. It exports nothing: a file that exports components is
// served by Pulumi itself, which reads their TypeScript sources at every start, and those the package has not.
void pulumi.provider.main(new ComponentPlugin(), process.argv.slice(2));
