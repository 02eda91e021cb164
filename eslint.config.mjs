import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
    { ignores: ["bin", "node_modules"] },
    js.configs.recommended,
    tseslint.configs.recommendedTypeChecked,
    {
        languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
        rules: {
            "@typescript-eslint/no-non-null-assertion": "off",
            "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
        },
    },
    {
        files: ["components/**/*.ts"],
        // Helm values are trees of anything, and the schema that other languages are served from knows no `unknown`.
        rules: { "@typescript-eslint/no-explicit-any": "off" },
    },
    {
        files: [
            "lab/standins/**/*.ts",
            "scripts/bench/monitor.ts",
            "scripts/offline/recording.ts",
            "test/unit/graph.ts",
        ],
        // Pulumi's generated protocol comes without types.
        rules: {
            "@typescript-eslint/no-explicit-any": "off",
            "@typescript-eslint/no-unsafe-argument": "off",
            "@typescript-eslint/no-unsafe-assignment": "off",
            "@typescript-eslint/no-unsafe-call": "off",
            "@typescript-eslint/no-unsafe-member-access": "off",
            "@typescript-eslint/no-unsafe-return": "off",
        },
    },
    {
        files: ["test/**/*.ts"],
        rules: { "@typescript-eslint/no-floating-promises": "off" },
    },
    {
        files: ["examples/**/*.ts"],
        // Each has a tsconfig.json of its own, for whoever copies it and has the package installed. Here the repository's is asked.
        languageOptions: { parserOptions: { projectService: false, project: "./tsconfig.json" } },
    },
    { files: ["**/*.mjs", "**/*.cjs"], extends: [tseslint.configs.disableTypeChecked] },
    {
        files: ["**/*.cjs"],
        languageOptions: {
            globals: { __dirname: "readonly", module: "writable", process: "readonly", require: "readonly" },
        },
        rules: { "@typescript-eslint/no-require-imports": "off" },
    },
    prettier,
);
