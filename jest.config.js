/**
 * Two projects: `unit` is everything that needs neither Terraform nor a server (npm run test:unit);
 * `end-to-end` runs the real Terraform, the local AWS and the launchers as subprocesses.
 */
const shared = {
  testEnvironment: "node",
  extensionsToTreatAsEsm: [".ts"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "es6" } },
    ],
  },
  modulePathIgnorePatterns: ["<rootDir>/cdktf.out", "<rootDir>/dist", "<rootDir>/.local"],
};

export default {
  randomize: true,
  // A third of what end-to-end tests do is waiting: three at a time keep two cores busy.
  maxWorkers: 3,
  // Modules that are loaded for one file stay in memory (vm modules): a worker that holds this much is started anew.
  workerIdleMemoryLimit: "800MB",
  // Of hooks too: stopping a local AWS takes a while on a machine that is busy.
  testTimeout: 30_000,
  projects: [
    {
      ...shared,
      displayName: "unit",
      testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
      testPathIgnorePatterns: ["<rootDir>/__tests__/end-to-end/"],
    },
    {
      ...shared,
      displayName: "end-to-end",
      testMatch: ["<rootDir>/__tests__/end-to-end/**/*.test.ts"],
    },
  ],
};
