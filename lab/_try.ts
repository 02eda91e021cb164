import fs from "node:fs";
import { ensureTools } from "./toolchain/ensure";
import { Lab } from "./lab";
(async () => {
    const tools = await ensureTools();
    const t = Date.now();
    const lab = await Lab.start(tools, (w) => console.log("WARN", w));
    console.log("lab", Date.now() - t, "ms");
    const dev = await lab.devStack(
        "dev",
        process.env.FAST ? { "app.analysis.interval": "10s", "app.analysis.steps.stepWeight": "25" } : {},
    );
    console.log("project", Date.now() - t, "ms");
    for (const step of (process.argv[2] ?? "preview,up").split(",")) {
        const r =
            step === "sh"
                ? await new Promise<any>((res) => {
                      const c = require("node:child_process").spawn("bash", ["-c", process.argv[3]], {
                          stdio: "inherit",
                          env: {
                              ...lab.pulumi.environment,
                              KUBECONFIG: lab.controlPlane.kubeconfigFile,
                              L: lab.folder,
                              P: dev.folder,
                          },
                      });
                      c.on("exit", (code: number) => res({ code }));
                  })
                : await dev.run([step, ...(step === "preview" ? [] : ["--yes", "--skip-preview"])], (l) =>
                      console.log(l),
                  );
        console.log(step, r.code, Date.now() - t, "ms");
    }
    fs.cpSync(lab.logs, "/tmp/lablogs", { recursive: true });
    process.exit(0);
})().catch((e) => {
    console.error(e);
    process.exit(1);
});
