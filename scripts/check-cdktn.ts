// `npm run check:cdktn`: whether the stacks come to the same under CDK Terrain, the continuation of cdktf.
import { parseArgs } from "node:util";

import { cdktnVersion, checkCdktn } from "./infrastructure/check-cdktn.ts";
import { runCommand } from "./infrastructure/command-failure.ts";

const usage = `Usage: npm run check:cdktn [-- <environments file>]

Synthesizes the stacks with cdktf and with cdktn in its place, and compares the Terraform JSON of each.
Exit code: 0 the same; 4 different; 2 bad usage or environments file.
`;

const shown = 10;

await runCommand(usage, async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: "boolean", short: "h" } },
  });
  if (values.help === true) {
    process.stdout.write(usage);
    return;
  }
  const version = await cdktnVersion();
  const stacks = await checkCdktn(positionals[0] ?? "environments.jsonc");
  for (const { name, differences } of stacks) {
    process.stdout.write(
      `${name}: ${differences.length === 0 ? "the same" : `${differences.length} differences`}\n`,
    );
    for (const { path, left, right } of differences.slice(0, shown)) {
      process.stdout.write(
        `  ${path}\n    cdktf: ${JSON.stringify(left)}\n    cdktn: ${JSON.stringify(right)}\n`,
      );
    }
  }
  const different = stacks.filter(({ differences }) => differences.length > 0);
  process.stdout.write(
    different.length === 0
      ? `All ${stacks.length} stacks are the same under cdktn ${version}.\n`
      : `${different.length} of ${stacks.length} stacks differ under cdktn ${version}.\n`,
  );
  if (different.length > 0) process.exitCode = 4;
});
