import { createHash } from "node:crypto";

import type {
  CreateServiceRequest,
  RegisterTaskDefinitionRequest,
  UpdateServiceRequest,
} from "@aws-sdk/client-ecs";

import { checkAutoscalingFits } from "../../core/aws-model/autoscaling-fit.ts";
import { checkServiceFits } from "../../core/aws-model/service-fit.ts";
import type { FilledObject } from "../../core/aws-model/values.ts";
import { registeredRevisionMarker } from "../../core/deployment/registered-revision.ts";
import type { FixedAtCreation } from "../../core/deployment/service-changes.ts";
import { InvalidInputError } from "../../core/errors.ts";
import { firstCount, wantedAutoscaling, type WantedAutoscaling } from "../../core/scaling/wanted.ts";
import { resolveDeferred } from "../../core/template/deferred.ts";
import { fillTemplate, type Complete } from "../../core/template/fill-template.ts";
import type { Lookup } from "../../core/template/lookup.ts";
import type { Problem } from "../../core/problem.ts";
import {
  createServiceInput,
  taskDefinitionArn,
  updateServiceInput,
} from "../../core/template/service-inputs.ts";
import { lookupBeforeAws, lookupIn, parameterFor } from "../../core/template/template-values.ts";
import { trafficOf } from "./traffic-outputs.ts";
import type { LoadedTemplates } from "./load-templates.ts";
import type { RunCommand, RunContext } from "../run-context.ts";

/** A service's templates with every value in place but the ARN of the revision. */
export interface FilledService {
  readonly serviceName: string;
  readonly cluster: string;
  readonly taskDefinition: RegisterTaskDefinitionRequest;
  readonly createInput: () => CreateServiceRequest;
  readonly updateInput: () => UpdateServiceRequest;
  readonly fixedAtCreation: FixedAtCreation;
  /** Absent where there is no template for it, which leaves it alone. */
  readonly autoscaling?: WantedAutoscaling;
  /** The template's own name, by which others depend on it. */
  readonly name: string;
  readonly dependsOn: readonly string[];
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
  const traffic = trafficOf(environment);
  fillAll(templates, lookupBeforeAws(known), traffic.before, "nothing was called");

  const names = templates
    .flatMap(({ taskDefinition, service, autoscaling }) =>
      [taskDefinition, service, autoscaling].flatMap((template) => template?.placeholders ?? []),
    )
    .flatMap((placeholder) => parameterFor(placeholder, known) ?? []);
  const wanted = new Set([...names, ...traffic.wanted()]);
  const values = wanted.size === 0 ? new Map() : await parameters.read([...wanted]);

  const filled = fillAll(templates, lookupIn(known, values), traffic.after(values), "nothing was changed");
  return filled.map(({ taskDefinition, service, serviceShape, autoscaling: scaling, name }) => {
    // A template of one call's own is sent as it is; from the one for both, each call takes what it knows.
    const shared = serviceShape === "Service";
    const cluster = command.options.cluster ?? textAt(service, "cluster") ?? environment.name;
    const serviceName = textAt(service, "serviceName") ?? textAt(service, "service") ?? name;
    const resolved = (document: FilledObject): unknown =>
      resolveDeferred(document, { [taskDefinitionArn]: registeredRevisionMarker });
    const autoscaling = scaling && wantedAutoscaling(resolved(scaling) as object);
    const count = autoscaling && !("desiredCount" in service) ? firstCount(autoscaling) : undefined;
    // The documents have just been checked against AWS's own model of these inputs.
    return {
      serviceName,
      cluster,
      taskDefinition: resolved(taskDefinition) as RegisterTaskDefinitionRequest,
      createInput: () => ({
        ...(resolved(shared ? createServiceInput(service) : service) as CreateServiceRequest),
        ...(count === undefined ? {} : { desiredCount: count }),
        serviceName,
        clientToken: textAt(service, "clientToken") ?? clientToken(known.deploymentId, serviceName),
      }),
      updateInput: () =>
        resolved(
          serviceShape === "UpdateService" ? service : updateServiceInput(service),
        ) as UpdateServiceRequest,
      fixedAtCreation: fixedAtCreation(resolved(service) as FixedAtCreation),
      ...(autoscaling === undefined ? {} : { autoscaling }),
      name,
      dependsOn: templates.find((template) => template.name === name)?.dependsOn ?? [],
    };
  });
}

/** AWS takes a token for one service only, of at most 36 characters. */
function clientToken(run: string, serviceName: string): string {
  return `${run}-${createHash("sha256").update(serviceName).digest("hex").slice(0, 20)}`;
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
  readonly serviceShape: LoadedTemplates["serviceShape"];
  readonly autoscaling?: FilledObject;
}

function fillAll(
  templates: readonly LoadedTemplates[],
  lookup: Lookup,
  complete: (name: string) => Complete,
  consequence: string,
): readonly FilledDocuments[] {
  const problems: Problem[] = [];
  const documents = templates.flatMap(({ name, taskDefinition, service, serviceShape, autoscaling }) => {
    const definition = fillTemplate(taskDefinition, "TaskDefinition", lookup);
    const filled = fillTemplate(service, serviceShape, lookup, complete(name));
    const scaling = autoscaling && fillTemplate(autoscaling, "Autoscaling", lookup);
    for (const result of [definition, filled, scaling]) {
      if (result?.ok === false) problems.push(...result.problems);
    }
    if (!definition.ok || !filled.ok || scaling?.ok === false) return [];
    const misfits = checkServiceFits(filled.document, serviceShape, definition.document);
    problems.push(...filled.problemsOf(misfits));
    const found = { name, taskDefinition: definition.document, service: filled.document, serviceShape };
    if (scaling === undefined) return [found];
    const fit = checkAutoscalingFits(scaling.document, filled.document);
    problems.push(...scaling.problemsOf(fit.autoscaling), ...filled.problemsOf(fit.service));
    return [{ ...found, autoscaling: scaling.document }];
  });
  if (problems.length > 0) {
    const count = problems.length === 1 ? "a mistake" : `${problems.length} mistakes`;
    throw new InvalidInputError(`The templates have ${count}; ${consequence}:`, problems);
  }
  return documents;
}

function textAt(document: FilledObject, field: string): string | undefined {
  const value = document[field];
  return typeof value === "string" ? value : undefined;
}
