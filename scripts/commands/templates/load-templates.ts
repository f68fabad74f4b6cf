import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

import type { ServiceShape } from "../../core/aws-model/model.ts";
import { nearestName } from "../../core/aws-model/nearest.ts";
import { InvalidInputError } from "../../core/errors.ts";
import { circleIn } from "../../core/deployment/order.ts";
import type { Problem } from "../../core/problem.ts";
import { takeDependsOn } from "../../core/template/depends-on.ts";
import {
  chooseServiceTemplate,
  chooseTaskDefinition,
  findServices,
  type ServiceTemplates,
} from "../../core/template/find-services.ts";
import { parseTemplate, type ParsedTemplate } from "../../core/template/parse-template.ts";
import type { RunCommand } from "../run-context.ts";

/** The templates that a verb needs for one service, parsed but not filled. */
export interface LoadedTemplates {
  readonly name: string;
  readonly taskDefinition: ParsedTemplate;
  readonly service: ParsedTemplate;
  readonly serviceShape: ServiceShape;
  readonly autoscaling?: ParsedTemplate;
  /** Names of templates whose services are brought first, where they are part of the run. */
  readonly dependsOn: readonly string[];
}

/**
 * Reads the templates of the services that the command names; of every one with `--all`; of the only one when it
 * names none.
 *
 * @param call which call the service template is for, where there is one for each
 * @throws InvalidInputError with every mistake of every file
 */
export async function loadTemplates(
  { verb, services, options }: RunCommand,
  workingFolder: string,
  call: "create" | "update" = verb === "create" ? "create" : "update",
): Promise<readonly LoadedTemplates[]> {
  const folder = options.templatesFolder;
  const found = findServices(await listFiles(path.resolve(workingFolder, folder), folder));
  if (!found.ok) {
    throw new InvalidInputError(
      `Templates folder ${folder} can be read in two ways:`,
      found.problems.map((problem) => ({ file: folder, ...problem })),
    );
  }
  const problems: Problem[] = [];
  const misplaced: Problem[] = [];
  const loaded: LoadedTemplates[] = [];
  const known = found.services.map(({ name }) => name);
  const chosen =
    options.all && found.services.length > 0 ? found.services : choose(found.services, services, folder);
  for (const templates of chosen) {
    const taskDefinition = chooseTaskDefinition(templates);
    const service = chooseServiceTemplate(templates, call);
    for (const choice of [taskDefinition, service]) {
      if (!choice.ok) problems.push({ file: folder, message: choice.message, hint: choice.hint });
    }
    if (!taskDefinition.ok || !service.ok) continue;
    const parse = async (file: string): Promise<ParsedTemplate> =>
      parseTemplate(
        path.join(folder, file),
        await readFile(path.resolve(workingFolder, folder, file), "utf8"),
      );
    const dependent = takeDependsOn(await parse(service.path), templates.name, known);
    misplaced.push(...dependent.problems);
    const { autoscaling } = templates;
    loaded.push({
      name: templates.name,
      taskDefinition: await parse(taskDefinition.path),
      service: dependent.template,
      serviceShape: service.shape,
      ...(autoscaling === undefined ? {} : { autoscaling: await parse(autoscaling) }),
      dependsOn: dependent.dependsOn,
    });
  }
  if (problems.length > 0) throw new InvalidInputError("Templates are missing:", problems);
  if (misplaced.length > 0) throw new InvalidInputError("The order of the services is unclear:", misplaced);
  const circle = circleIn(loaded);
  if (circle !== undefined) {
    throw new InvalidInputError(
      `The services of ${folder} depend on each other in a circle: ${circle.join(" needs ")}. Take one dependsOn out.`,
    );
  }
  return loaded;
}

async function listFiles(folder: string, shown: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
  } catch (error) {
    throw new InvalidInputError(
      `Templates folder ${shown} cannot be read (${error instanceof Error ? error.message : String(error)}). Name another with --templates <dir>.`,
    );
  }
}

function choose(
  found: readonly ServiceTemplates[],
  wanted: readonly string[],
  folder: string,
): readonly ServiceTemplates[] {
  const names = found.map(({ name }) => name);
  if (found.length === 0) {
    throw new InvalidInputError(
      `Templates folder ${folder} holds no service. Write ${folder}/<service>/task-definition.json and ${folder}/<service>/service.json.`,
    );
  }
  if (wanted.length === 0) {
    if (found.length === 1) return found;
    throw new InvalidInputError(
      `Which service? Templates folder ${folder} holds ${names.join(", ")}: name one or more, or take --all.`,
    );
  }
  return wanted.map((name) => {
    const templates = found.find((candidate) => candidate.name === name);
    if (templates !== undefined) return templates;
    const near = nearestName(name, names);
    throw new InvalidInputError(
      `There is no service ${JSON.stringify(name)} in templates folder ${folder}. ${near === undefined ? "" : `Did you mean ${near}? `}It holds ${names.join(", ")}.`,
    );
  });
}
