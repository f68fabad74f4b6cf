/** Plans of `./deploy rollback` and `./deploy restart` for services under deployment controller CODE_DEPLOY. */
import type { Service } from "@aws-sdk/client-ecs";

import type { Plan } from "../deployment/plan.ts";
import { goBackTo, type PastDeployment } from "../deployment/rollback.ts";
import { revisionName } from "../deployment/task-definition.ts";
import { RefusedError } from "../errors.ts";
import { balancedContainer } from "./load-balancer.ts";
import { groupNameOf, isRollback, type CodeDeployFacts, type KnownDeployment } from "./model.ts";
import { underWayText, waitedFor } from "./plan.ts";
import { loadBalancersNow, runningRevision } from "./task-sets.ts";

interface Address {
  readonly serviceName: string;
  readonly cluster: string;
}

/** Going back does not wait: CodeDeploy's own rollbacks move all traffic at once too. */
const allAtOnce = "CodeDeployDefault.ECSAllAtOnce";

const wait = { kind: "waitForCodeDeployment", work: "watchCodeDeployment" } as const;

/**
 * What the group has deployed, newest first, in the form that going back is decided on. The revision of a rollback,
 * which CodeDeploy does not always tell, is what the deployment had replaced that it rolled back; and what the oldest
 * deployment replaced ran before all of them.
 */
export function pastOf(deployments: readonly KnownDeployment[]): readonly PastDeployment[] {
  const known = deployments.find(({ revisionArn }) => revisionArn !== undefined)?.revisionArn ?? "";
  const arnOf = (name: string | undefined): string | undefined =>
    name === undefined ? undefined : `${known.slice(0, known.lastIndexOf("/") + 1)}${name}`;
  const past = deployments.flatMap(({ revisionArn, info }): PastDeployment[] => {
    const triggeredBy = info.rollbackInfo?.rollbackTriggeringDeploymentId;
    const broken = deployments.find(({ id }) => id === triggeredBy);
    const taskDefinitionArn = revisionArn ?? arnOf(broken?.origin?.replaces);
    return taskDefinitionArn === undefined
      ? []
      : [{ taskDefinitionArn, succeeded: info.status === "Succeeded" }];
  });
  const first = arnOf(deployments.at(-1)?.origin?.replaces);
  if (first !== undefined) return [...past, { taskDefinitionArn: first, succeeded: true }];
  const rolledBack = deployments.find(({ info }) => isRollback(info) && info.status === "Succeeded");
  if (rolledBack?.revisionArn === undefined) return past;
  return [...past, { taskDefinitionArn: rolledBack.revisionArn, succeeded: true }];
}

/**
 * What `./deploy rollback` does about a deployment that is under way; undefined where there is none: it is stopped, and
 * its rollback, which it has already where it is one itself, is waited for.
 */
export function planRollbackUnderWay(
  service: Service,
  { serviceName, cluster }: Address,
  { underWay }: CodeDeployFacts,
): Plan | undefined {
  if (underWay === undefined) return undefined;
  const runs = runningRevision(service);
  const plan = { serviceName, cluster, ...(runs === undefined ? {} : { previousRevisionArn: runs }) };
  if (isRollback(underWay.info)) {
    return { ...plan, waitedFor: waitedFor(underWay), steps: [{ ...wait, deploymentId: underWay.id }] };
  }
  const { replaces } = underWay.origin ?? {};
  return {
    ...plan,
    waitedFor: backTo(replaces, runs, underWay),
    steps: [
      { kind: "stopCodeDeployment", work: "stopCodeDeployment", deploymentId: underWay.id },
      { ...wait, deploymentId: underWay.id },
    ],
  };
}

/** What runs after a deployment was stopped: what it replaces, also where its traffic has moved already. */
function backTo(
  replaces: string | undefined,
  runs: string | undefined,
  { revisionArn }: KnownDeployment,
): NonNullable<Plan["waitedFor"]> {
  if (runs !== undefined && runs !== revisionArn) return { revisionArn: runs };
  const folder = revisionArn?.slice(0, revisionArn.lastIndexOf("/") + 1) ?? "";
  return replaces === undefined ? {} : { revisionArn: `${folder}${replaces}` };
}

/**
 * The revision to go back to, as CodeDeploy's own records have it: the one that was last deployed with success before
 * the one that runs.
 *
 * @returns undefined where the service has gone back already
 * @throws RefusedError where nothing else was ever deployed
 */
export function targetOfRollback(
  service: Service,
  { serviceName }: Address,
  past: readonly PastDeployment[],
): string | undefined {
  const runs = runningRevision(service) ?? "";
  const found = goBackTo(runs, past);
  switch (found.kind) {
    case "alreadyBack":
      return undefined;
    case "revision":
      return found.arn;
    case "nothingBefore":
      throw new RefusedError(
        `No other revision was deployed on service ${serviceName} with success, as far as CodeDeploy remembers. Choose one with --to; ./deploy revisions ${serviceName} lists them.`,
      );
  }
}

/**
 * The plan of a deployment of a revision that exists: with the AppSpec that it was last deployed with, else with what
 * the service runs with.
 *
 * @param arn undefined where nothing is to do, since the service has gone back already
 */
export function planRevision(
  service: Service,
  address: Address,
  arn: string | undefined,
  facts: CodeDeployFacts,
  deployments: readonly KnownDeployment[],
  purpose: "rollback" | "restart",
): Plan {
  const { serviceName, cluster } = address;
  if (facts.underWay !== undefined) throw new RefusedError(underWayText(serviceName, facts));
  const runs = runningRevision(service);
  const plan = { serviceName, cluster, ...(runs === undefined ? {} : { previousRevisionArn: runs }) };
  if (arn === undefined || (purpose === "rollback" && arn === runs)) {
    const nothingBecause =
      arn === undefined ? "It has gone back already; --to goes further." : "It runs that revision already.";
    return { ...plan, nothingBecause, steps: [] };
  }
  const before = deployments.find(({ revisionArn, appSpec }) => revisionArn === arn && appSpec !== undefined);
  const container = (): ReturnType<typeof balancedContainer> =>
    balancedContainer(serviceName, loadBalancersNow(service), facts.group);
  return {
    ...plan,
    steps: [
      {
        kind: "createCodeDeployment",
        work: "deployByCodeDeploy",
        application: facts.application,
        group: groupNameOf(facts.group),
        revisionArn: arn,
        appSpec: before?.appSpec ?? { taskDefinition: arn, ...container(), hooks: [] },
        ...(purpose === "rollback" ? { deploymentConfig: allAtOnce } : {}),
        ...(runs === undefined ? {} : { replaces: revisionName(runs) }),
      },
      wait,
    ],
  };
}
