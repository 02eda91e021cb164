import { PolicyPack } from "@pulumi/policy";

import { policies } from "./policies";

// The engine starts this module. It serves the rules until the engine is done, so nothing else may import it.
new PolicyPack("progressive-mesh", { policies: policies() });
