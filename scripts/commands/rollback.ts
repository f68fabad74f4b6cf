import type { TaskDefinition } from "@aws-sdk/client-ecs";

import { goBackTo, planRollback } from "../core/deployment/rollback.ts";
import { isNativeService } from "../core/native/deployment.ts";
import { imagesOf, type RegisteredRevision } from "../core/deployment/task-definition.ts";
import { RefusedError, UsageError } from "../core/errors.ts";
import type { CommandResult } from "../terminal/command-result.ts";
import { addressJob } from "./rollout/address-job.ts";
import { addressServices, type ServiceAddress } from "./addresses.ts";
import { carryOut } from "./rollout/carry-out.ts";
import { bringsEarlier, deploymentsUnderWay, replaces, stopJob } from "./native/stop-deployment.ts";
import { keyOf, type Job } from "./rollout/job.ts";
import { pastDeployments } from "./rollout/last-deployed.ts";
import type { ObservedService } from "./rollout/observe.ts";
import { runContext, type RunCommand, type RunContext, type RunEdge } from "./run-context.ts";
import { deployerOf, stageSettings } from "./strategy.ts";
import { trailOf } from "./rollout/trail-of.ts";

/**
 * `./deploy rollback`: to the revision that was last deployed and steady before the one that runs, or to the one that
 * `--to` names; waited for as any other rollout.
 *
 * @throws UsageError when `--to` is no revision
 */
export async function rollback(command: RunCommand, edge: RunEdge): Promise<CommandResult> {
  const context = await runContext(command, edge);
  const addresses = await addressServices(command, context, edge.workingFolder);
  const staged = addresses.flatMap((address) => {
    const settings = stageSettings(context.environment, address);
    return settings === undefined ? [] : [{ address, settings }];
  });
  const [first] = staged;
  if (first !== undefined) {
    if (addresses.length > 1) {
      throw new UsageError(
        `${first.address.name} has a service for each deployment; roll it back alone: ./deploy rollback ${first.address.name}`,
      );
    }
    const { rollbackStaged } = await import("./staged/rollback.ts");
    return rollbackStaged(first, command, context, edge);
  }
  const { to } = command.options;
  if (to !== undefined && !/^(\d+|[\w-]+:\d+|arn:[^\s]+:task-definition\/[\w-]+:\d+)$/.test(to)) {
    throw new UsageError(
      `--to ${JSON.stringify(to)} is not a revision. Allowed: its number, family:number or its ARN, as in 41 or nginx:41; ./deploy revisions lists them.`,
    );
  }
  const underWay = await deploymentsUnderWay(addresses, context);
  const jobs = await Promise.all(
    addresses.map(async (address) => {
      const open = underWay.get(keyOf(address));
      const stops =
        open !== undefined &&
        (to === undefined ? !(await bringsEarlier(open, context)) : await replaces(open, to, context));
      return stops ? stopJob(address, open, command, context, edge) : jobOf(address, command, context, edge);
    }),
  );
  return carryOut(jobs, command, context, edge);
}

function jobOf(address: ServiceAddress, command: RunCommand, context: RunContext, edge: RunEdge): Job {
  const { to } = command.options;
  const { family: _, ...common } = addressJob(address, command, context, edge);
  let target: RegisteredRevision | undefined;
  const brought = ({ currentRevision }: ObservedService): TaskDefinition | undefined =>
    (target ?? currentRevision)?.taskDefinition;
  const images: Job["images"] = (observed) => {
    const definition = brought(observed);
    return definition === undefined ? [] : imagesOf(definition);
  };
  return {
    ...common,
    purpose: `rollback ${address.serviceName}${to === undefined ? "" : ` to ${to}`}`,
    plan: async (observed) => {
      const { service } = observed;
      if (service?.status === "ACTIVE" && deployerOf(service) === "codeDeploy") {
        const { planCodeDeployRollback } = await import("./code-deploy/plan-verbs.ts");
        const wanted = to === undefined ? undefined : referenceOf(to, service.taskDefinition ?? "");
        const planned = await planCodeDeployRollback(service, address, wanted, context);
        target = planned.target;
        return planned.plan;
      }
      target = await targetOf(address, observed, to, context);
      return planRollback(observed, address, target);
    },
    desiredArn: (observed) => brought(observed)?.taskDefinitionArn,
    brings: brought,
    images,
    trail: (observed) => trailOf(images(observed), context, edge),
  };
}

/** The revision to go back to; undefined where the service is there already. */
async function targetOf(
  { serviceName, cluster }: ServiceAddress,
  { service }: ObservedService,
  to: string | undefined,
  context: RunContext,
): Promise<RegisteredRevision | undefined> {
  const currentArn = service?.taskDefinition;
  // The plan refuses these.
  if (service?.status !== "ACTIVE" || (service.deploymentController?.type ?? "ECS") !== "ECS")
    return undefined;
  if (currentArn === undefined) return undefined;
  const wanted = to === undefined ? undefined : referenceOf(to, currentArn);
  if (wanted !== undefined) {
    const revision = await context.ecs.describeTaskDefinition(wanted);
    if (revision !== undefined) return revision;
    throw new RefusedError(
      `There is no revision ${wanted}. ./deploy revisions ${serviceName} lists those that there are.`,
    );
  }
  const past = await pastDeployments(cluster, serviceName, context);
  const [newest] = past;
  const wentBack = newest?.rolledBack === true && newest.taskDefinitionArn !== currentArn;
  // Whoever stopped it, or a run of this command that was killed, has gone back: further is for --to.
  if (isNativeService(service) && wentBack) return undefined;
  const found = goBackTo(currentArn, past);
  switch (found.kind) {
    case "alreadyBack":
      return undefined;
    case "nothingBefore":
      throw new RefusedError(
        `No other revision was deployed on service ${serviceName} with success, as far as AWS remembers. Choose one with --to; ./deploy revisions ${serviceName} lists them.`,
      );
    case "revision":
      return (
        (await context.ecs.describeTaskDefinition(found.arn)) ?? {
          taskDefinition: { taskDefinitionArn: found.arn, status: "INACTIVE" },
          tags: [],
        }
      );
  }
}

/** `41` is a revision of the family that runs. */
function referenceOf(to: string, currentArn: string): string {
  if (!/^\d+$/.test(to)) return to;
  const name = currentArn.slice(currentArn.lastIndexOf("/") + 1);
  return `${name.slice(0, name.lastIndexOf(":"))}:${to}`;
}
