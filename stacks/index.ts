import * as pulumi from "@pulumi/pulumi";

import { CanaryApp, ProgressiveMeshCluster } from "../index";
import { readSettings } from "./settings";

const settings = readSettings();
const { name, ...args } = settings.app;

const platform = new ProgressiveMeshCluster(pulumi.getStack(), settings.platform);
const app = new CanaryApp(name, { ...args, platform: platform.connection });

/** What application stacks need to use this platform. */
export const connection = platform.connection;
/** The name of the cluster. */
export const clusterName = platform.clusterName;
/** The host name of the gateway. */
export const gatewayAddress = platform.gatewayAddress;
/** Grafana's address inside the cluster; `kubectl port-forward` leads there. */
export const grafanaAddress = platform.grafanaAddress;
/** The password of Grafana's user `admin`. */
export const grafanaPassword = platform.grafanaPassword;
/** The address of the application. */
export const url = app.url;
