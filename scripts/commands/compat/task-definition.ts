import type { RegisterTaskDefinitionRequest } from "@aws-sdk/client-ecs";

import type { CompatWork } from "../../core/compat/command.ts";
import { newDefinition } from "../../core/compat/new-definition.ts";
import {
  imagesOf,
  isSameDefinition,
  revisionName,
  type RegisteredRevision,
} from "../../core/deployment/task-definition.ts";
import { AwsCallError, InvalidInputError } from "../../core/errors.ts";
import { exitCode } from "../../core/exit-code.ts";
import { withTrail } from "../../core/trail.ts";
import type { CommandResult } from "../../terminal/command-result.ts";
import { loadDefinitionFile } from "./service.ts";
import { runTaskInCompat } from "./task.ts";
import type { CompatRun } from "./run.ts";
import { registerOnce } from "../rollout/once.ts";
import { trailOf } from "../rollout/trail-of.ts";

type RegisterRun = CompatRun<Extract<CompatWork, { kind: "register" | "runTask" }>>;

/**
 * `./deploy -d <task definition> -i <image>`: a new revision that nothing runs yet; with `--run-task` one task of it.
 * A definition that the newest revision already has needs no new one.
 *
 * @throws InvalidInputError when there is no such task definition, or the image is none of its
 */
export async function registerInCompat(run: RegisterRun): Promise<CommandResult> {
  const { work, command, context, edge } = run;
  const { ecs, emit, region } = context;
  const file = work.change.file && (await loadDefinitionFile(work.change.file, edge.workingFolder));
  const base = await ecs.describeTaskDefinition(work.taskDefinition);
  if (base === undefined) {
    const shown = JSON.stringify(work.taskDefinition);
    throw new InvalidInputError(
      `There is no task definition ${shown} in ${region}. Name its family, family:revision or ARN; nothing was changed.`,
    );
  }
  const { definition, warnings } = newDefinition(base, work.change, file === "" ? undefined : file);
  for (const message of warnings) emit({ type: "warning", message });
  const images = imagesOf(definition);
  const newest = await ecs.describeTaskDefinition(definition.family ?? "");
  const existing = sameActive(definition, newest);
  if (command.options.dryRun) {
    const step =
      existing === undefined ? "a new revision would be registered" : `${revisionName(existing)} has it`;
    return resultOf(
      { outcome: "planned", images },
      `${definition.family ?? ""}: ${step}: ${images.join(", ")}\n`,
    );
  }
  const arn = existing ?? (await registered(definition, newest, run));
  const revision = revisionName(arn);
  if (work.kind === "runTask") {
    return runTaskInCompat(arn, definition, run, existing === undefined ? [`registered ${revision}`] : []);
  }
  const verb = existing === undefined ? "registered" : "unchanged";
  return resultOf({ outcome: verb, revision, images }, `${revision} ${verb}: ${images.join(", ")}\n`);
}

async function registered(
  definition: RegisterTaskDefinitionRequest,
  newest: RegisteredRevision | undefined,
  { context, edge }: RegisterRun,
): Promise<string> {
  const { tags } = withTrail(definition.tags, trailOf(imagesOf(definition), context, edge));
  const input = { ...definition, tags: [...tags] };
  const { taskDefinitionArn } = await registerOnce(input, newest, { ecs: context.ecs, clock: edge.clock });
  if (taskDefinitionArn === undefined) {
    throw new AwsCallError("EmptyAnswer", "ecs:RegisterTaskDefinition: AWS answered without a revision.");
  }
  context.emit({ type: "note", message: `registered ${revisionName(taskDefinitionArn)}` });
  return taskDefinitionArn;
}

function sameActive(
  definition: RegisterTaskDefinitionRequest,
  newest: RegisteredRevision | undefined,
): string | undefined {
  if (newest?.taskDefinition.status !== "ACTIVE" || !isSameDefinition(definition, newest)) return undefined;
  return newest.taskDefinition.taskDefinitionArn;
}

function resultOf(document: object, text: string): CommandResult {
  return {
    exitCode: exitCode.completed,
    document: { command: "register", exitCode: exitCode.completed, ...document },
    text: () => text,
  };
}
