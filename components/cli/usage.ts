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

Without --kubeconfig they take the cluster that kubectl takes: $KUBECONFIG, or ~/.kube/config.
`;
