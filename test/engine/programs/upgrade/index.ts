import * as pulumi from "@pulumi/pulumi";

import { Program, build } from "../../../upgrade/program";

const config = new pulumi.Config();
build(config.requireObject<Program>("program"), config.getSecret("kubeconfig"));
