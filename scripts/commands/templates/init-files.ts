import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";

import { RefusedError } from "../../core/errors.ts";
import { findServices } from "../../core/template/find-services.ts";

/** Where the templates of a service go, relative to the working folder. */
export interface InitFiles {
  readonly taskDefinition: string;
  readonly service: string;
  /** Written where the service is autoscaled. */
  readonly autoscaling: string;
}

export function initFiles(templatesFolder: string, service: string): InitFiles {
  return {
    taskDefinition: path.join(templatesFolder, service, "task-definition.json"),
    service: path.join(templatesFolder, service, "service.json"),
    autoscaling: path.join(templatesFolder, service, "autoscaling.json"),
  };
}

/**
 * Refuses before anything is asked or written where files are in the way: those that would be overwritten, unless
 * `force`, and those that would be taken instead of the new ones, in any case.
 *
 * @throws RefusedError naming the files
 */
export async function refuseFilesInTheWay(
  workingFolder: string,
  templatesFolder: string,
  service: string,
  force: boolean,
): Promise<void> {
  const folder = path.resolve(workingFolder, templatesFolder);
  const listing: readonly string[] = await readdir(folder, { recursive: true }).catch((): string[] => []);
  const files = initFiles(templatesFolder, service);
  const own = [files.taskDefinition, files.service].map((file) => path.relative(templatesFolder, file));
  const found = findServices([...new Set([...listing, ...own])]);
  if (!found.ok) {
    const problems = found.problems.map(({ message, hint }) => `${message} ${hint}`).join("\n");
    throw new RefusedError(
      `Beside ${own.join(" and ")} the templates of ${service} could be read in two ways.\n${problems}`,
    );
  }
  const templates = found.services.find(({ name }) => name === service);
  const instead = [templates?.serviceCreate, templates?.serviceUpdate].filter((file) => file !== undefined);
  if (instead.length > 0) {
    throw new RefusedError(
      `${instead.map((file) => path.join(templatesFolder, file)).join(" and ")} would be taken instead of ${files.service}: move it away first.`,
    );
  }
  const written = [...own, path.relative(templatesFolder, files.autoscaling)];
  const present = written.filter((file) => listing.map((one) => path.normalize(one)).includes(file));
  if (present.length > 0 && !force) {
    const names = present.map((file) => path.join(templatesFolder, file));
    throw new RefusedError(
      `${names.join(" and ")} ${names.length === 1 ? "exists" : "exist"}. To overwrite: ./deploy init ${service} --force`,
    );
  }
}

/** Writes the files, making their folder where it is missing. A text of null takes the file away. */
export async function writeFiles(
  workingFolder: string,
  files: InitFiles,
  texts: {
    readonly taskDefinition: string;
    readonly service: string;
    readonly autoscaling?: string | null;
  },
): Promise<void> {
  await mkdir(path.dirname(path.resolve(workingFolder, files.service)), { recursive: true });
  await writeFile(path.resolve(workingFolder, files.taskDefinition), texts.taskDefinition);
  await writeFile(path.resolve(workingFolder, files.service), texts.service);
  const autoscaling = path.resolve(workingFolder, files.autoscaling);
  if (texts.autoscaling === null) await rm(autoscaling, { force: true });
  else if (texts.autoscaling !== undefined) await writeFile(autoscaling, texts.autoscaling);
}
