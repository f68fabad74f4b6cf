// Bundles the stacks' app: read as one file, it starts several times faster than as sources.
import path from "node:path";

import { build } from "esbuild";

import { bundling, putInPlace, root } from "./bundling.js";

// Arguments: where the bundle goes (dist/stacks.js), and packages to take in place of others, as in cdktf=cdktn.
const [outfile = path.join(root, "dist/stacks.js"), ...aliases] = process.argv.slice(2);

const { outputFiles } = await build({
  ...bundling,
  entryPoints: ["main.ts"],
  outfile,
  alias: Object.fromEntries(aliases.map((alias) => alias.split("="))),
});
await putInPlace(outfile, outputFiles[0].contents);
