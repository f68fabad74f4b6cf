import type { RegisterTaskDefinitionRequest, Service, UpdateServiceRequest } from "@aws-sdk/client-ecs";

import { serviceDifferences } from "../deployment/service-changes.ts";
import { definitionDifferences, type RegisteredRevision } from "../deployment/task-definition.ts";
import { formatProblem } from "../problem.ts";
import { resolveDeferred } from "../template/deferred.ts";
import { fillTemplate } from "../template/fill-template.ts";
import type { Lookup } from "../template/lookup.ts";
import { parseTemplate } from "../template/parse-template.ts";
import { taskDefinitionArn, updateServiceInput } from "../template/service-inputs.ts";

/** The text of a template and how messages name its file. */
interface TemplateFile {
  readonly file: string;
  readonly text: string;
}

/**
 * Reads templates back as a run does and compares them with what they were made from. Empty when they render to just
 * that; else what is wrong, in words.
 *
 * @param image what CONTAINER_VERSION stood for
 */
export function checkTemplates(
  files: {
    readonly taskDefinition: TemplateFile;
    readonly service: TemplateFile;
    readonly autoscaling?: TemplateFile;
  },
  running: { readonly service: Service; readonly revision: RegisteredRevision },
  image: string,
): readonly string[] {
  const lookup: Lookup = (placeholder) =>
    placeholder.kind === "name" && placeholder.name === taskDefinitionArn
      ? { kind: "deferred" }
      : { kind: "value", value: image };
  const definition = fillTemplate(
    parseTemplate(files.taskDefinition.file, files.taskDefinition.text),
    "TaskDefinition",
    lookup,
  );
  const service = fillTemplate(parseTemplate(files.service.file, files.service.text), "Service", lookup);
  const scaling =
    files.autoscaling &&
    fillTemplate(parseTemplate(files.autoscaling.file, files.autoscaling.text), "Autoscaling", lookup);
  const problems = [definition, service, scaling].flatMap((result) =>
    result === undefined || result.ok ? [] : result.problems,
  );
  if (!definition.ok || !service.ok || scaling?.ok === false) return problems.map(formatProblem);
  const arn = { [taskDefinitionArn]: running.service.taskDefinition ?? "" };
  // Both documents have just been checked against AWS's own model of these inputs.
  const wanted = resolveDeferred(definition.document, arn) as unknown as RegisterTaskDefinitionRequest;
  const update = resolveDeferred(
    updateServiceInput(service.document),
    arn,
  ) as unknown as UpdateServiceRequest;
  return [
    ...definitionDifferences(wanted, running.revision).map(
      ({ path }) => `${files.taskDefinition.file}: ${path}`,
    ),
    ...serviceDifferences(update, running.service).map(({ path }) => `${files.service.file}: ${path}`),
  ].map((place) => `${place} differs from what runs.`);
}
