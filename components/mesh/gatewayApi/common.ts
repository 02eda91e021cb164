import { annotatedPods } from "../../observability/scrapeJobs";
import { withGateway } from "./appService";

/** What all meshes of the Gateway API have in common: no proxies beside the pods, and so nothing that a pod has to be a member of. */
export const common = {
    flaggerProvider: "gatewayapi:v1",
    ownPrometheus: false,
    // Flagger and the applications say by annotations what is to be scraped, and Envoy Gateway's proxies do.
    scrapeJobs: { "annotated-pods": annotatedPods() },
    needsIdentity: false,
    namespaceMembership: () => ({}),
    podMembership: {},
    podAbsence: {},
    prepareNamespace: () => [],
    admit: () => ({}),
    loadTesterValues: () => ({}),
    canaryService: withGateway,
} as const;
