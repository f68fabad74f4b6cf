import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

import type { Service } from "@aws-sdk/client-ecs";

import { nearestName } from "../core/aws-model/nearest.ts";
import { InvalidInputError, RefusedError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { serviceNameIn } from "../core/service-name.ts";
import type { StagedStatus } from "../core/status/model.ts";
import { memberText, placeholdersOf } from "../core/template/address-members.ts";
import { findServices, type ServiceTemplates } from "../core/template/find-services.ts";
import { parseTemplate, type ParsedTemplate } from "../core/template/parse-template.ts";
import { lookupIn, parameterFor } from "../core/template/template-values.ts";
import type { RunCommand, RunContext } from "./run-context.ts";

/** Where a service that the command names is found in AWS. */
export interface ServiceAddress {
  /** As it was named, which is the template's name where there is one. */
  readonly name: string;
  readonly serviceName: string;
  readonly cluster: string;
  /** The task definition's family, where a template tells it. */
  readonly family?: string;
}

/** A service that exists, or once did. */
export interface AddressedService extends ServiceAddress {
  readonly service: Service;
  /** Which deployment it is, where each of an application's is a service of its own, and the application has the lock. */
  readonly staged?: StagedStatus;
}

/**
 * The addresses of the services that a command names: of every template with `--all`, of the only one when it names
 * none. Of the templates it reads the members that make the address and nothing else, so no image and no other value
 * is needed. A name without a template is taken for a service of `--cluster`, or of the environment's cluster. A name
 * may be written as an alert has it, `service:<name>` or an ARN.
 *
 * @throws InvalidInputError when it is unclear which services are meant, or a value of an address is missing
 */
export async function addressServices(
  { services, options }: RunCommand,
  { known, parameters, environment }: RunContext,
  workingFolder: string,
): Promise<readonly ServiceAddress[]> {
  const folder = options.templatesFolder;
  const templates = await readFolder(folder, workingFolder, services.length > 0);
  const given = services.map((service) => serviceNameIn(service, options.cluster ?? environment.name));
  const wanted = options.all ? templates.map(({ name }) => name) : named(given, templates, folder);

  const members = options.cluster === undefined ? ["cluster", ...nameMembers] : nameMembers;
  const sources = await Promise.all(
    wanted.map(async (name) => {
      const found = templates.find((candidate) => candidate.name === name);
      return { name, ...(found === undefined ? {} : await parse(found, folder, workingFolder)) };
    }),
  );
  const needed = sources.flatMap(({ service, taskDefinition }) => [
    ...(service === undefined ? [] : placeholdersOf(service, members)),
    ...(taskDefinition === undefined ? [] : placeholdersOf(taskDefinition, ["family"])),
  ]);
  const names = needed.flatMap((placeholder) => parameterFor(placeholder, known) ?? []);
  const values = names.length === 0 ? new Map() : await parameters.read([...new Set(names)]);
  const lookup = lookupIn(known, values);

  const problems: Problem[] = [];
  const addresses = sources.map(({ name, service, taskDefinition }): ServiceAddress => {
    const text = (member: string): string | undefined => {
      const { text: found, problem } = service === undefined ? {} : memberText(service, member, lookup);
      if (problem !== undefined) problems.push(problem);
      return found;
    };
    // A family that cannot be told is that of the revision that runs.
    const family =
      taskDefinition === undefined ? undefined : memberText(taskDefinition, "family", lookup).text;
    return {
      name,
      serviceName: text("serviceName") ?? text("service") ?? name,
      cluster: options.cluster ?? text("cluster") ?? environment.name,
      ...(family === undefined ? {} : { family }),
    };
  });
  if (problems.length > 0) {
    throw new InvalidInputError("Where the service runs cannot be told; nothing was changed:", problems);
  }
  return addresses;
}

/** For verbs that take one service alone. */
export async function addressService(
  command: RunCommand,
  context: RunContext,
  workingFolder: string,
): Promise<ServiceAddress> {
  const [address, ...more] = await addressServices(command, context, workingFolder);
  if (address === undefined || more.length > 0) {
    throw new InvalidInputError(`./deploy ${command.verb} takes one service.`);
  }
  return address;
}

/** What looking services up gave. */
export interface LookedUp {
  /** In the order of the addresses. */
  readonly found: readonly AddressedService[];
  /** One sentence for each that does not exist. */
  readonly missing: readonly string[];
}

/** Looks the services behind some addresses up, ten at a time. */
export async function lookUp(
  addresses: readonly ServiceAddress[],
  { ecs, region, connect }: RunContext,
): Promise<LookedUp> {
  const described = new Map<string, Service>();
  const keyOf = ({ cluster, serviceName }: Pick<ServiceAddress, "cluster" | "serviceName">): string =>
    `${cluster}/${serviceName}`;
  await Promise.all(
    [...new Set(addresses.map(({ cluster }) => cluster))].map(async (cluster) => {
      const names = addresses.filter((one) => one.cluster === cluster).map(({ serviceName }) => serviceName);
      for (const service of await ecs.describeServices(cluster, [...new Set(names)])) {
        described.set(keyOf({ cluster, serviceName: service.serviceName ?? "" }), service);
      }
    }),
  );
  const found = addresses.flatMap((address) => {
    const service = described.get(keyOf(address));
    return service === undefined ? [] : [{ ...address, service }];
  });
  const absent = addresses.filter((address) => !described.has(keyOf(address)));
  if (absent.length === 0) return { found, missing: [] };
  const { ecsServicesPort } = await import("../aws/ecs-services.ts");
  const port = connect(ecsServicesPort);
  const missing = await Promise.all(
    absent.map(async ({ name, serviceName, cluster }) => {
      const called = serviceName === name ? serviceName : `${serviceName} (template ${name})`;
      // The list only helps; whoever may not read it gets the message without.
      const there = await port.list(cluster).catch((): readonly string[] => []);
      return `Service ${called} does not exist in cluster ${cluster} in ${region}.${hint(serviceName, there)}`;
    }),
  );
  return { found, missing };
}

/**
 * The services behind some addresses, in their order.
 *
 * @throws RefusedError naming every one that does not exist, and where it was looked for
 */
export async function describeAddressed(
  addresses: readonly ServiceAddress[],
  context: RunContext,
): Promise<readonly AddressedService[]> {
  const { found, missing } = await lookUp(addresses, context);
  if (missing.length > 0) throw new RefusedError(missingText(missing));
  return found;
}

/** That services do not exist, with what to check. */
export function missingText(missing: readonly string[]): string {
  return `${missing.join("\n")}\nCheck the name, --cluster and --env; ./deploy create makes a service.`;
}

const mostNamed = 10;

function hint(wanted: string, there: readonly string[]): string {
  if (there.length === 0) return "";
  const near = nearestName(wanted, there);
  if (near !== undefined) return ` Did you mean ${near}?`;
  const more = there.length > mostNamed ? ` and ${there.length - mostNamed} more` : "";
  return ` The cluster has ${there.slice(0, mostNamed).join(", ")}${more}.`;
}

const nameMembers: readonly string[] = ["serviceName", "service"];

async function readFolder(
  folder: string,
  workingFolder: string,
  mayBeMissing: boolean,
): Promise<readonly ServiceTemplates[]> {
  const root = path.resolve(workingFolder, folder);
  let entries;
  try {
    entries = await readdir(root, { recursive: true, withFileTypes: true });
  } catch (error) {
    if (mayBeMissing) return [];
    throw new InvalidInputError(
      `Templates folder ${folder} cannot be read (${error instanceof Error ? error.message : String(error)}). Name another with --templates <dir>, or a service of the cluster.`,
    );
  }
  const found = findServices(
    entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name))),
  );
  if (found.ok) return found.services;
  throw new InvalidInputError(
    `Templates folder ${folder} can be read in two ways:`,
    found.problems.map((problem) => ({ file: folder, ...problem })),
  );
}

function named(
  wanted: readonly string[],
  templates: readonly ServiceTemplates[],
  folder: string,
): readonly string[] {
  if (wanted.length > 0) return wanted;
  const names = templates.map(({ name }) => name);
  if (names.length === 1) return names;
  throw new InvalidInputError(
    names.length === 0
      ? `Which service? Templates folder ${folder} holds none: name one of the cluster.`
      : `Which service? Templates folder ${folder} holds ${names.join(", ")}: name one.`,
  );
}

interface Sources {
  readonly service?: ParsedTemplate;
  readonly taskDefinition?: ParsedTemplate;
}

async function parse(templates: ServiceTemplates, folder: string, workingFolder: string): Promise<Sources> {
  const read = async (file: string): Promise<ParsedTemplate> =>
    parseTemplate(path.join(folder, file), await readFile(path.resolve(workingFolder, folder, file), "utf8"));
  const service = templates.serviceUpdate ?? templates.service ?? templates.serviceCreate;
  const parsed: Sources = {
    ...(service === undefined ? {} : { service: await read(service) }),
    ...(templates.taskDefinition === undefined
      ? {}
      : { taskDefinition: await read(templates.taskDefinition) }),
  };
  if (parsed.service !== undefined && parsed.service.tree === undefined) {
    throw new InvalidInputError(
      "The service's template cannot be read; nothing was called:",
      parsed.service.problems,
    );
  }
  return parsed;
}
