import { mkdir, mkdtemp, rm } from "node:fs/promises";
import path from "node:path";

import { projectRoot } from "../project-root.ts";

/** Runs something in a folder of its own below `.local/`, which only its owner may open and which is gone afterwards. */
export async function inFolder<Result>(
  name: string,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const parent = path.join(projectRoot(), ".local");
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(path.join(parent, `${name}-`));
  const stopped = (): void => void rm(folder, { recursive: true, force: true }).then(() => process.exit(130));
  process.once("SIGINT", stopped);
  try {
    return await work(folder);
  } finally {
    process.removeListener("SIGINT", stopped);
    await rm(folder, { recursive: true, force: true });
  }
}
