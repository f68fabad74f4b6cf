import type { Service } from "@aws-sdk/client-ecs";

import { invocationOf } from "../core/invocation.ts";
import { usage } from "../core/command-line/values.ts";
import { revisionName } from "../core/deployment/task-definition.ts";
import { RefusedError } from "../core/errors.ts";
import { exitCode } from "../core/exit-code.ts";
import { checkTemplates } from "../core/init/check-templates.ts";
import { deployedImage, type DeployedImage } from "../core/init/deployed-image.ts";
import { templateText } from "../core/init/template-text.ts";
import { serviceTemplate, taskDefinitionTemplate } from "../core/init/templates-of.ts";
import { secretPlaces } from "../core/masking.ts";
import { clusterName } from "../core/naming.ts";
import { shellWord } from "../core/shell-word.ts";
import type { CommandResult } from "../terminal/command-result.ts";
import { initText, type Initialized } from "../terminal/init-text.ts";
import { running } from "./templates/init-service.ts";
import { initFiles, refuseFilesInTheWay, writeFiles } from "./templates/init-files.ts";
import { runContext, type RunCommand, type RunContext, type RunEdge } from "./run-context.ts";
import { scalingTemplate } from "./scaling/init.ts";
import { stageSettings } from "./strategy.ts";

/**
 * `./deploy init`: writes templates from a service that runs, so that rendering them gives no difference.
 *
 * @throws UsageError, RefusedError (no such service, files in the way) or AwsCallError; nothing was written then
 */
export async function init(command: RunCommand, edge: RunEdge): Promise<CommandResult> {
  const [name] = command.services;
  if (name === undefined || !/^[\w-]{1,255}$/.test(name)) {
    const given =
      name === undefined ? "No service is named" : `${JSON.stringify(name)} is no name of a service`;
    throw usage(
      `${given}: ./deploy init <service> --cluster <name> writes the templates of a service that runs.`,
    );
  }
  const { templatesFolder, force } = command.options;
  await refuseFilesInTheWay(edge.workingFolder, templatesFolder, name, force);
  const context = await runContext(command, edge);
  const ownCluster = clusterName(context.environment.name);
  const cluster = command.options.cluster ?? ownCluster;
  await refuseStaged(name, cluster, context);
  const { service, revision } = await running(name, cluster, context);
  const scaling = await scalingTemplate(service, cluster, context);
  const countIsAutoscaled = typeof scaling === "object" && scaling !== null;

  const deployed = deployedImage(revision.taskDefinition, service);
  const documents = {
    taskDefinition: taskDefinitionTemplate(revision, deployed),
    service: serviceTemplate(service, { ...(cluster === ownCluster ? {} : { cluster }), countIsAutoscaled }),
  };
  const texts = {
    taskDefinition: templateText(documents.taskDefinition),
    service: templateText(documents.service),
    ...(scaling === undefined ? {} : { autoscaling: scaling && templateText(scaling) }),
  };
  const files = initFiles(templatesFolder, name);
  const differences = checkTemplates(
    {
      taskDefinition: { file: files.taskDefinition, text: texts.taskDefinition },
      service: { file: files.service, text: texts.service },
      ...(typeof texts.autoscaling === "string"
        ? { autoscaling: { file: files.autoscaling, text: texts.autoscaling } }
        : {}),
    },
    { service, revision },
    deployed?.image ?? "",
  );
  await writeFiles(edge.workingFolder, files, texts);
  const done: Initialized = {
    service: name,
    cluster,
    revision: revisionName(service.taskDefinition ?? ""),
    files: [
      files.taskDefinition,
      files.service,
      ...(typeof texts.autoscaling === "string" ? [files.autoscaling] : []),
    ],
    ...(deployed === undefined ? {} : { image: deployed.image, containers: deployed.containers }),
    compare: compareCommand(name, command, deployed),
    notes: notes(service, deployed, countIsAutoscaled),
    differences,
  };
  for (const warning of warnings(done, documents, files)) {
    context.emit({ type: "warning", service: name, message: warning });
  }
  return {
    exitCode: exitCode.completed,
    document: { command: command.verb, exitCode: exitCode.completed, ...done },
    text: (paint) => initText(done, paint),
  };
}

/** A deployment's own service would make templates of a service of that name. */
async function refuseStaged(name: string, cluster: string, context: RunContext): Promise<void> {
  const address = { name, serviceName: name, cluster };
  const settings = stageSettings(context.environment, address);
  if (settings === undefined) return;
  const { lookUpStaged } = await import("./staged/standing.ts");
  const { found } = await lookUpStaged({ address, settings }, undefined, context);
  if (found.some(({ staged }) => staged === undefined)) return;
  const [first] = found;
  const how =
    first === undefined
      ? "and none of them stands."
      : `as ${first.serviceName} is: ./deploy init ${first.serviceName} --cluster ${cluster} writes its templates. Then call the folder ${name}, leave serviceName and targetGroupArn out of service.json, and taskRoleArn out of task-definition.json where it is ${name}'s own role.`;
  throw new RefusedError(
    `${name} has a service for each of its deployments, ${how} ${name}'s own templates are all that ./deploy stage needs. Nothing was written.`,
  );
}

function compareCommand(
  name: string,
  { verb, options }: RunCommand,
  deployed: DeployedImage | undefined,
): string {
  const image = deployed === undefined ? "" : `CONTAINER_VERSION=${deployed.image} `;
  const where = invocationOf(verb, options, undefined).where.map(shellWord);
  return [`${image}./deploy diff ${name}`, ...where].join(" ");
}

function notes(
  { deploymentController, schedulingStrategy }: Service,
  deployed: DeployedImage | undefined,
  countIsAutoscaled: boolean,
): readonly string[] {
  const controller = deploymentController?.type ?? "ECS";
  return [
    ...(deployed === undefined
      ? [
          "No image became a placeholder: which container is the deployed one can't be told. Put @@CONTAINER_VERSION@@ in its place.",
        ]
      : []),
    ...(countIsAutoscaled ? ["desiredCount is left out: autoscaling owns it."] : []),
    ...(schedulingStrategy === "DAEMON" ? ["desiredCount is left out: a DAEMON has none of its own."] : []),
    ...(controller === "ECS" ? [] : [`create and update deploy no service with controller ${controller}.`]),
  ];
}

function warnings(
  { differences }: Initialized,
  documents: { readonly taskDefinition: unknown; readonly service: unknown },
  files: { readonly taskDefinition: string; readonly service: string },
): readonly string[] {
  const secrets = (["taskDefinition", "service"] as const).flatMap((which) =>
    secretPlaces(documents[which]).map(
      (place) =>
        `${files[which]}: ${place} looks like a secret in plain text, as it is in AWS. Keep it in Secrets Manager or Parameter Store, name it in the container's secrets, and don't commit it.`,
    ),
  );
  return [...secrets, ...differences];
}
