import { InvalidInputError, RefusedError } from "../../core/errors.ts";
import { stackOutputFolder } from "../../core/naming.ts";
import type { WantedAutoscaling } from "../../core/scaling/wanted.ts";
import { taskRoleName, type Application } from "../../core/staged/names.ts";
import {
  isSamePolicy,
  taskPolicyName,
  taskRoleArn,
  taskRoleOf,
  type TaskRole,
} from "../../core/staged/task-role.ts";
import type { ObservedApplication, StagedDeployment, TrafficPlace } from "../../core/staged/model.ts";
import type { RunContext } from "../run-context.ts";

/** The deployment that has the live traffic, or most of it. */
function activeOf({ deployments }: ObservedApplication): StagedDeployment | undefined {
  const [most] = deployments
    .filter(({ trafficPercent }) => trafficPercent > 0)
    .sort((left, right) => right.trafficPercent - left.trafficPercent);
  return most;
}

/**
 * How many tasks a new deployment starts with: as many as the active one has now, where autoscaling decides that or it
 * is more than the template's; no more and no fewer than its own autoscaling is to leave it.
 *
 * @param own what its template asks for, where there is one
 */
export async function countFor(
  observed: ObservedApplication,
  wanted: number | undefined,
  own: WantedAutoscaling | undefined,
  context: RunContext,
): Promise<number | undefined> {
  const active = activeOf(observed)?.service;
  const now = active?.desiredCount;
  if (wanted === undefined || active?.serviceName === undefined || now === undefined || now === wanted) {
    return wanted;
  }
  if (now > wanted) return within(own, now);
  const { autoscaledCounts } = await import("../facts/autoscaled-counts.ts");
  const named = { cluster: observed.cluster, serviceName: active.serviceName };
  return (await autoscaledCounts([named], context)).size > 0 ? within(own, now) : wanted;
}

function within(own: WantedAutoscaling | undefined, count: number): number {
  if (own?.kind !== "scaled") return count;
  const { MinCapacity, MaxCapacity } = own.settings;
  return Math.min(Math.max(count, MinCapacity), MaxCapacity);
}

/** The ARN that the role of the application's tasks has, whether it is there or not. */
export function ownRoleArn(application: PlacedApplication): string {
  const { partition, account } = accountOf(application);
  return taskRoleArn(application, partition, account);
}

/** An application, and the load balancer that it is behind. */
type PlacedApplication = Application & { readonly place: Pick<TrafficPlace, "loadBalancerArn"> };

function accountOf({ place }: PlacedApplication): { readonly partition: string; readonly account: string } {
  const [, partition = "aws", , , account = ""] = place.loadBalancerArn.split(":");
  return { partition, account };
}

/** The application's own role, and whether it stands as it is to be. */
export interface FoundRole {
  readonly role: TaskRole;
  readonly stands: boolean;
}

/**
 * Looks for the role of the application's tasks.
 *
 * @throws InvalidInputError where the environment has not published the boundary that such a role is held by
 */
export async function findTaskRole(
  observed: ObservedApplication,
  { environment, region, parameters, connect }: RunContext,
): Promise<FoundRole> {
  const name = `${stackOutputFolder(environment.name)}task-boundary-arn`;
  const boundary = (await parameters.read([name])).get(name);
  if (boundary?.kind !== "plain") {
    throw new InvalidInputError(
      `The task definition names no taskRoleArn, so ${observed.application} gets a role of its own, which needs the boundary that parameter ${name} in ${region} names; it is missing. Its stack publishes it: npx cdktf deploy '${environment.name}-*'; or name a taskRoleArn. Nothing was changed.`,
    );
  }
  const role = taskRoleOf({
    environment: observed.environment,
    application: observed.application,
    ...accountOf(observed),
    region,
    secretsPrefix: environment.secretsPrefix,
    boundaryArn: boundary.value,
  });
  const { applicationRolesPort } = await import("../../aws/application-roles.ts");
  const found = await connect(applicationRolesPort).find(taskRoleName(observed), taskPolicyName);
  if (found !== undefined && found.arn !== role.arn) {
    throw new RefusedError(
      `Role ${taskRoleName(observed)} exists as ${found.arn} and not as ${role.arn}, where this application's role belongs. Name a taskRoleArn in the task definition, or delete that role. Nothing was changed.`,
    );
  }
  return { role, stands: found?.policy !== undefined && isSamePolicy(found.policy, role.policy) };
}
