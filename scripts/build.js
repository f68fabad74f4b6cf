// Bundles each program to one file in dist/, so that running it needs no TypeScript and loads only what a verb uses.
import { build } from "esbuild";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const programs = ["deploy", "local", "rehearse", "bench"];

/** Dependencies that are CommonJS reach for `require`, which an ES module does not have. */
const banner =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';

await build({
  absWorkingDir: root,
  entryPoints: Object.fromEntries(programs.map((name) => [name, `scripts/${name}.ts`])),
  outdir: "dist",
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: true,
  banner: { js: banner },
  logLevel: "warning",
});
