import type {
  CreateServiceRequest,
  RegisterTaskDefinitionRequest,
  UpdateServiceRequest,
} from "@aws-sdk/client-ecs";

import type { ShapeName } from "../core/aws-model/model.ts";
import type { FilledObject } from "../core/aws-model/values.ts";
import { registeredRevisionMarker } from "../core/deployment/plan.ts";
import type { FixedAtCreation } from "../core/deployment/service-changes.ts";
import { InvalidInputError } from "../core/errors.ts";
import { resolveDeferred } from "../core/template/deferred.ts";
import { fillTemplate } from "../core/template/fill-template.ts";
import type { Lookup } from "../core/template/lookup.ts";
import type { ParsedTemplate } from "../core/template/parse-template.ts";
import type { Problem } from "../core/problem.ts";
import {
  createServiceInput,
  taskDefinitionArn,
  updateServiceInput,
} from "../core/template/service-inputs.ts";
import { lookupBeforeAws, lookupIn, parameterFor } from "../core/template/template-values.ts";
import type { LoadedTemplates } from "./load-templates.ts";
import type { RunCommand, RunContext } from "./run-context.ts";

/** A service's templates with every value in place but the ARN of the revision. */
export interface FilledService {
  readonly serviceName: string;
  readonly cluster: string;
  readonly taskDefinition: RegisterTaskDefinitionRequest;
  readonly createInput: () => CreateServiceRequest;
  readonly updateInput: () => UpdateServiceRequest;
  readonly fixedAtCreation: FixedAtCreation;
}

/**
 * Checks every template before AWS is asked for anything, then reads what the placeholders need, and only that, and
 * fills them.
 *
 * @throws InvalidInputError with every mistake of every template, each with its place
 */
export async function fillTemplates(
  command: RunCommand,
  templates: readonly LoadedTemplates[],
  { known, parameters, environment }: RunContext,
): Promise<readonly FilledService[]> {
  fillAll(templates, lookupBeforeAws(known));

  const names = templates
    .flatMap(({ taskDefinition, service }) => [...taskDefinition.placeholders, ...service.placeholders])
    .flatMap((placeholder) => parameterFor(placeholder, known) ?? []);
  const values = names.length === 0 ? new Map() : await parameters.read([...new Set(names)]);

  return fillAll(templates, lookupIn(known, values)).map(({ taskDefinition, service, name }) => {
    const cluster = command.options.cluster ?? textAt(service, "cluster") ?? environment.name;
    const serviceName = textAt(service, "serviceName") ?? textAt(service, "service") ?? name;
    const resolved = (document: FilledObject): unknown =>
      resolveDeferred(document, { [taskDefinitionArn]: registeredRevisionMarker });
    // The documents have just been checked against AWS's own model of these inputs.
    return {
      serviceName,
      cluster,
      taskDefinition: resolved(taskDefinition) as RegisterTaskDefinitionRequest,
      createInput: () => ({
        ...(resolved(createServiceInput(service)) as CreateServiceRequest),
        serviceName,
        clientToken: textAt(service, "clientToken") ?? known.deploymentId,
      }),
      updateInput: () => resolved(updateServiceInput(service)) as UpdateServiceRequest,
      fixedAtCreation: fixedAtCreation(resolved(service) as FixedAtCreation),
    };
  });
}

function fixedAtCreation({ launchType, schedulingStrategy }: FixedAtCreation): FixedAtCreation {
  return {
    ...(launchType === undefined ? {} : { launchType }),
    ...(schedulingStrategy === undefined ? {} : { schedulingStrategy }),
  };
}

interface FilledDocuments {
  readonly name: string;
  readonly taskDefinition: FilledObject;
  readonly service: FilledObject;
}

function fillAll(templates: readonly LoadedTemplates[], lookup: Lookup): readonly FilledDocuments[] {
  const problems: Problem[] = [];
  const fill = (template: ParsedTemplate, shape: ShapeName): FilledObject => {
    const filled = fillTemplate(template, shape, lookup);
    if (filled.ok) return filled.document;
    problems.push(...filled.problems);
    return {};
  };
  const documents = templates.map(({ name, taskDefinition, service, serviceShape }) => ({
    name,
    taskDefinition: fill(taskDefinition, "TaskDefinition"),
    service: fill(service, serviceShape),
  }));
  if (problems.length > 0) {
    const count = problems.length === 1 ? "a mistake" : `${problems.length} mistakes`;
    throw new InvalidInputError(`The templates have ${count}; nothing was called:`, problems);
  }
  return documents;
}

function textAt(document: FilledObject, field: string): string | undefined {
  const value = document[field];
  return typeof value === "string" ? value : undefined;
}
