import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";

const root = path.resolve(__dirname, "../..");

/** The files that are loaded by a program which imports the library, beyond what `@pulumi/pulumi` alone loads, without `node_modules/`. */
function loadedBy(module: string): string[] {
    const script = `
        require("@pulumi/pulumi");
        const before = new Set(Object.keys(require.cache));
        require(${JSON.stringify(module)});
        console.log(JSON.stringify(Object.keys(require.cache).filter((file) => !before.has(file))));
    `;
    const printed = execFileSync(process.execPath, ["--import", "tsx", "-e", script], { cwd: root }).toString();
    return (JSON.parse(printed) as string[]).map((file) => path.relative(root, file).replace(/^.*node_modules\//, ""));
}

describe("importing the library", () => {
    const loaded = loadedBy("./index.ts");
    const of = (name: string) => loaded.filter((file) => file.startsWith(`${name}/`));

    it("loads of the providers' SDKs only what it uses, and not their every module", () => {
        for (const sdk of ["@pulumi/aws", "@pulumi/eks", "@pulumi/kubernetes"]) {
            assert.ok(of(sdk).length > 0, sdk);
            assert.ok(
                !loaded.includes(`${sdk}/index.js`),
                `${sdk} is imported as a whole: import the part that is used`,
            );
        }
        // An import of one more service of AWS is three files or so; of everything, three hundred.
        const files = [...of("@pulumi/aws"), ...of("@pulumi/eks"), ...of("@pulumi/kubernetes")];
        assert.ok(files.length <= 60, files.join("\n"));
    });

    it("loads nothing else that is installed: the client of Kubernetes only once something waits for it", () => {
        const others = loaded.filter(
            (file) => !file.startsWith("@pulumi/") && !/^(index|components\/.*)\.ts$/.test(file),
        );
        assert.deepEqual(others, []);
    });

    it("loads no part of the command", () => {
        assert.deepEqual(
            loaded.filter((file) => /^components\/(cli|page)\//.test(file)),
            [],
        );
    });
});
