import js from "@eslint/js";
import importX from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

const providerRoot = {
  name: "@cdktf/provider-aws",
  message: "The package root costs seconds and 540 MB; import @cdktf/provider-aws/lib/<resource>/index.js.",
};
const deepCdktf = {
  group: ["cdktf/lib/*", "cdktf/lib/**"],
  message: "Import from 'cdktf' alone, so that the stacks move to CDK Terrain unchanged (decision 0001).",
};
const restrict = (...patterns) => ["error", { paths: [providerRoot], patterns: [deepCdktf, ...patterns] }];

export default tseslint.config(
  { ignores: ["node_modules", "dist", "cdktf.out", ".local", "coverage"] },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { "import-x": importX },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-unused-vars": ["error", { varsIgnorePattern: "^_", argsIgnorePattern: "^_" }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "no-console": "error",
      "no-restricted-imports": restrict(),
      "import-x/no-cycle": "error",
    },
    settings: {
      "import-x/extensions": [".ts", ".js"],
      "import-x/parsers": { "@typescript-eslint/parser": [".ts"] },
    },
  },
  {
    // The core decides and touches nothing: no SDK client, no zx, no child process.
    files: ["scripts/core/**/*.ts"],
    rules: {
      "no-restricted-imports": restrict({
        group: [
          "zx",
          "zx/*",
          "execa",
          "node:child_process",
          "node:fs",
          "node:fs/*",
          "**/aws/*",
          "**/commands/*",
          "**/terminal/*",
          "**/local/*",
        ],
        message: "scripts/core is pure: effects belong to scripts/aws, scripts/commands or scripts/terminal.",
      }),
    },
  },
  {
    // An emulator that reuses the tool's code agrees with its mistakes.
    files: ["scripts/local/**/*.ts"],
    rules: {
      "no-restricted-imports": restrict({
        group: ["**/core/*", "**/core/**", "**/commands/*", "**/aws/*"],
        message: "The local AWS shares nothing with the deploy script but AWS's own types.",
      }),
    },
  },
  {
    files: ["**/*.js"],
    languageOptions: { globals: { process: "readonly", console: "readonly", URL: "readonly" } },
  },
);
