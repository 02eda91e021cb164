/** What the command says of itself. */
export const usage = `npx pulumi-progressive-mesh stuck [--kubeconfig FILE] [--context NAME]

  What in a cluster is deleted and still there, what holds each object, and how to let it go. It only looks.
  It ends with 0 where nothing is stuck, with 1 where something is, and with 2 where it could not look.

npx pulumi-progressive-mesh watch [--namespace NAME] [--port NUMBER] [--address ADDRESS] [--grafana URL]
                                  [--kubeconfig FILE] [--context NAME]

  Serves a page that shows every Canary and its rollout as it goes, at http://127.0.0.1:8765/ unless told otherwise. It only
  looks, and at no Secret. Ctrl-C ends it.

npx pulumi-progressive-mesh report NAMESPACE/CANARY [--out FILE] [--kubeconfig FILE] [--context NAME]

  The Canary's last rollout as one HTML file that needs nothing else, on the screen without --out.
  It ends with 0 where the file was written, and with 2 where it could not be.

npx pulumi-progressive-mesh status [NAMESPACE/CANARY] [--namespace NAMESPACE] [--output json]
npx pulumi-progressive-mesh status NAMESPACE/CANARY --watch [--timeout 30m] [--revision REVISION] [--output json]

  Where every Canary stands, or one; with --watch until its rollout has ended. It ends with 0 for promoted, 1 for rolled back, 3 for
  still running, 4 for what will not go on by itself, 5 for a time-out, and 2 where it could not look. Of many, for the worst.

npx pulumi-progressive-mesh explain NAMESPACE/CANARY [--output json]

  Why it failed or stands still: the last values against their bounds, its pods, and what Flagger said.

npx pulumi-progressive-mesh plan NAMESPACE/CANARY [--output json]

  How the next rollout will go. It ends with 1 where Flagger would never finish it.

npx pulumi-progressive-mesh approve NAMESPACE/CANARY [--revision REVISION --yes] [--output json]
npx pulumi-progressive-mesh abort NAMESPACE/CANARY [--revision REVISION --yes] [--output json]
npx pulumi-progressive-mesh retry NAMESPACE/CANARY [--revision REVISION --yes] [--output json]
npx pulumi-progressive-mesh rollback NAMESPACE/CANARY [--revision REVISION --yes] [--output json]

  Let the release pass the gate that it waits at; have it taken back; have it tried once more; go back to the version that was
  promoted before. Each says what it will do and asks first, and acts on no other revision than that. It ends with 0 when it is done,
  with 1 when it was tried and is not, and with 2 when it was refused.

All take --kubeconfig FILE and --context NAME. Without --kubeconfig they take the cluster that kubectl takes: $KUBECONFIG, or ~/.kube/config.
`;
