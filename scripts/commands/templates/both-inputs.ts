import { readdir } from "node:fs/promises";
import path from "node:path";

import type {
  CreateServiceRequest,
  RegisterTaskDefinitionRequest,
  UpdateServiceRequest,
} from "@aws-sdk/client-ecs";

import type { FixedAtCreation } from "../../core/deployment/service-changes.ts";
import type { WantedAutoscaling } from "../../core/scaling/wanted.ts";
import { findServices, type ServiceTemplates } from "../../core/template/find-services.ts";
import { fillTemplates, type FilledService } from "./fill-templates.ts";
import { loadTemplates } from "./load-templates.ts";
import { addressServices } from "../addresses.ts";
import type { RunCommand, RunContext } from "../run-context.ts";
import type { StagedService } from "../staged/place.ts";
import { stageSettings } from "../strategy.ts";

/** A service's filled templates, with the input of each call that there is a template for. */
export interface BothInputs {
  /** The name of its templates. */
  readonly name: string;
  readonly serviceName: string;
  readonly cluster: string;
  readonly taskDefinition: RegisterTaskDefinitionRequest;
  readonly fixedAtCreation: FixedAtCreation;
  readonly create?: CreateServiceRequest;
  readonly update?: UpdateServiceRequest;
  readonly autoscaling?: WantedAutoscaling;
  /** Where each deployment is a service of its own, which is never updated. */
  readonly staged?: StagedInputs;
}

/** What there is to know besides of templates that make a service of each deployment. */
export interface StagedInputs {
  readonly service: StagedService;
  /** Whether the task definition names no role, and the tasks get the application's own. */
  readonly hasOwnRole: boolean;
  /** For comparing with a deployment's service: without what each has of its own. */
  readonly update: UpdateServiceRequest;
  /** The templates filled as the deployment of another id would have them. */
  readonly filledFor: (id: string) => Promise<BothInputs>;
}

/**
 * Reads and fills the templates of the services that the command names, for CreateService and for UpdateService: from
 * the one service.json, or from a file for each.
 *
 * @throws InvalidInputError with every mistake of every file
 */
export async function bothInputs(
  command: RunCommand,
  context: RunContext,
  workingFolder: string,
): Promise<readonly BothInputs[]> {
  const found = await templatesIn(path.resolve(workingFolder, command.options.templatesFolder));
  const chosen =
    command.services.length > 0
      ? found.filter(({ name }) => command.services.includes(name))
      : command.options.all || found.length === 1
        ? found
        : [];
  const ownCreate = chosen.filter(({ serviceCreate }) => serviceCreate !== undefined);
  const createOnly = ownCreate.filter((one) => one.service === undefined && one.serviceUpdate === undefined);
  const filled = async (call: "create" | "update", services: readonly string[]): Promise<Filled> => {
    const named = { ...command, services, options: { ...command.options, all: false } };
    const templates = await loadTemplates(named, workingFolder, call);
    const results = await fillTemplates(named, templates, context);
    return new Map(
      results.flatMap((service, index) => {
        const template = templates[index];
        return template === undefined
          ? []
          : [[template.name, { service, shape: template.serviceShape }] as const];
      }),
    );
  };

  const unknown = command.services.some((name) => !chosen.some((one) => one.name === name));
  const names = command.services.length > 0 ? command.services : chosen.map(({ name }) => name);
  // A choice that cannot be made is refused by the loader, in its words.
  const cannot = unknown || names.length === 0;
  const staged = cannot ? nothing : await stagedAmong(names, command, context, workingFolder);
  const updatable = names
    .filter((name) => !staged.has(name))
    .filter((name) => !createOnly.some((one) => one.name === name));
  const updates =
    cannot || updatable.length > 0 ? await filled("update", cannot ? command.services : updatable) : nothing;
  const creatable = ownCreate.map(({ name }) => name).filter((name) => !staged.has(name));
  const creates = creatable.length === 0 ? nothing : await filled("create", creatable);
  return names.flatMap((name) => staged.get(name) ?? together(name, updates.get(name), creates.get(name)));
}

/** The inputs of those among them whose every deployment is a service of its own, by the name of their templates. */
async function stagedAmong(
  names: readonly string[],
  command: RunCommand,
  context: RunContext,
  workingFolder: string,
): Promise<ReadonlyMap<string, BothInputs>> {
  if (!Object.values(context.environment.services).some(({ blueGreen }) => blueGreen?.by === "stage")) {
    return nothing;
  }
  const named = { ...command, services: names, options: { ...command.options, all: false } };
  const addresses = await addressServices(named, context, workingFolder);
  const found = await Promise.all(
    addresses.map(async (address): Promise<readonly (readonly [string, BothInputs])[]> => {
      const settings = stageSettings(context.environment, address);
      if (settings === undefined) return [];
      const { stagedBothInputs } = await import("../staged/staged-both-inputs.ts");
      const service = { address, settings };
      return [[address.name, await stagedBothInputs(service, command, context, workingFolder)]];
    }),
  );
  return new Map(found.flat());
}

interface FilledTemplate {
  readonly service: FilledService;
  readonly shape: "Service" | "CreateService" | "UpdateService";
}

type Filled = ReadonlyMap<string, FilledTemplate>;

const nothing = new Map<string, never>();

function together(
  name: string,
  update: FilledTemplate | undefined,
  create: FilledTemplate | undefined,
): readonly BothInputs[] {
  const one = update ?? create;
  if (one === undefined) return [];
  const { serviceName, cluster, taskDefinition, fixedAtCreation, autoscaling } = one.service;
  const creating = create ?? (update?.shape === "Service" ? update : undefined);
  return [
    {
      name,
      serviceName,
      cluster,
      taskDefinition,
      fixedAtCreation,
      ...(creating === undefined ? {} : { create: creating.service.createInput() }),
      ...(update === undefined ? {} : { update: update.service.updateInput() }),
      ...(autoscaling === undefined ? {} : { autoscaling }),
    },
  ];
}

async function templatesIn(folder: string): Promise<readonly ServiceTemplates[]> {
  const listing = await readdir(folder, { recursive: true }).catch((): string[] => []);
  const found = findServices(listing);
  return found.ok ? found.services : [];
}
