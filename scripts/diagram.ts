// `npm run diagram`: draws each environment from its synthesized stacks, as SVG and as Mermaid.
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";

import { chooseFrom, environmentsIn } from "./infrastructure/choose.ts";
import { runCommand } from "./infrastructure/command-failure.ts";
import { diagramsOf } from "./infrastructure/draw-environments.ts";
import { inFolder } from "./infrastructure/in-folder.ts";
import { synthesize } from "./infrastructure/synthesize.ts";

const usage = `Usage: npm run diagram [-- --env <name> --folder <folder> --app <command>]

  --env     one environment; without it, each
  --folder  where diagram-<environment>.svg and .mmd go (docs)
  --app     synthesizes with another command than that of cdktf.json
`;

await runCommand(usage, async () => {
  const { values } = parseArgs({
    options: {
      env: { type: "string" },
      folder: { type: "string", default: "docs" },
      app: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const { env, folder, app, help } = values;
  if (help) {
    process.stdout.write(usage);
    return;
  }
  const all = await inFolder("diagram", (out) => synthesize(out, app));
  const chosen = chooseFrom(all, { patterns: [], ...(env === undefined ? {} : { environment: env }) });
  const stacks = new Map(all.map(({ name, stack }) => [name, stack]));
  await mkdir(folder, { recursive: true });
  for (const environment of environmentsIn(chosen)) {
    for (const [name, text] of Object.entries(diagramsOf(environment, stacks))) {
      const file = path.join(folder, name);
      await writeFile(file, text);
      process.stdout.write(`${file}\n`);
    }
  }
});
