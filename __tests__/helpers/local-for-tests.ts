import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { startLocal, type LocalAws, type LocalOptions } from "../../scripts/local/start.ts";

/** A local AWS for the tests of one file. */
export interface LocalForTests extends LocalAws {
  /** Where its run keeps its files, in a folder of its own. */
  readonly directory: string;
}

/** Starts a local AWS on a free port, in a folder that goes when it is stopped. */
export async function startLocalForTests(
  options: Omit<LocalOptions, "port" | "quiet" | "directory"> = {},
): Promise<LocalForTests> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "local-aws-"));
  const local = await startLocal({ port: 0, quiet: true, directory, ...options });
  return {
    ...local,
    directory,
    stop: async () => {
      await local.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
