import fs from "node:fs";

/**
 * Stands in for the `aws` command where a kubeconfig asks it for a token: `aws eks get-token`. The token is the one of the
 * lab's own kubeconfig.
 */
function main(words: string[]): void {
    if (!words.includes("get-token")) {
        throw new Error(`the stand-in for the aws command does not know: aws ${words.join(" ")}`);
    }
    const { users } = JSON.parse(fs.readFileSync(process.env.LAB_KUBECONFIG!, "utf8")) as {
        users: { user: { token: string } }[];
    };
    const credential = {
        apiVersion: "client.authentication.k8s.io/v1beta1",
        kind: "ExecCredential",
        status: { token: users[0]!.user.token },
    };
    process.stdout.write(JSON.stringify(credential));
}

main(process.argv.slice(2));
