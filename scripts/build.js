// Bundles each program into dist/: running it needs no TypeScript, and what a verb does not use stays in a chunk
// that is never loaded.
import { readdir, rm, stat } from "node:fs/promises";
import path from "node:path";

import { build } from "esbuild";

import { bundling, putInPlace, root } from "./bundling.js";

const dist = path.join(root, "dist");
const programs = ["deploy", "local", "rehearse", "bench", "bench-local", "bootstrap"];
const oneHourMs = 60 * 60 * 1000;

const { outputFiles } = await build({
  ...bundling,
  entryPoints: Object.fromEntries(programs.map((name) => [name, `scripts/${name}.ts`])),
  outdir: dist,
  splitting: true,
});

// Chunks first, then the entries.
const entries = new Set(programs.map((name) => path.join(dist, `${name}.js`)));
const written = new Set(outputFiles.map((file) => file.path));
const inOrder = outputFiles.toSorted(
  (left, right) => Number(entries.has(left.path)) - Number(entries.has(right.path)),
);
for (const { path: file, contents } of inOrder) await putInPlace(file, contents);

// Old chunks may still be loaded by a program that runs, so they stay for an hour.
for (const name of await readdir(dist)) {
  const file = path.join(dist, name);
  if (!written.has(file) && Date.now() - (await stat(file)).mtimeMs > oneHourMs) await rm(file);
}
