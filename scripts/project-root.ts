import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The project's folder: the nearest one above this file that holds `cdktf.json`, whether the code runs from
 * `scripts/` or from its bundle in `dist/`.
 */
export function projectRoot(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, "cdktf.json"))) {
    const above = path.dirname(folder);
    if (above === folder)
      throw new Error("cdktf.json was not found above the script: the installation is incomplete.");
    folder = above;
  }
  return folder;
}
