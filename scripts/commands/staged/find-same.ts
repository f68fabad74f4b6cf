import { serviceChanges, toldByRevision } from "../../core/deployment/service-changes.ts";
import { isSameDefinition } from "../../core/deployment/task-definition.ts";
import { stagedTags, type ObservedApplication, type StagedDeployment } from "../../core/staged/model.ts";
import type { RunContext } from "../run-context.ts";
import type { StageInputs } from "./stage-inputs.ts";

/** A deployment that is just what the run would stage, with the templates filled as its own. */
export interface Found {
  readonly deployment: StagedDeployment;
  readonly inputs: StageInputs;
  readonly revisionArn: string;
}

/**
 * Looks among the deployments that are staging or staged for one that is just what the templates ask for: begun by
 * the same command, killed or left before, or done already. The newest first.
 *
 * @param fill fills the templates with another deployment's id
 */
export async function findSame(
  observed: ObservedApplication,
  fill: (id: string) => Promise<StageInputs>,
  { ecs }: RunContext,
): Promise<Found | undefined> {
  for (const deployment of observed.deployments) {
    const revision = deployment.targetGroup.tags[stagedTags.revision];
    if (!["staging", "staged"].includes(deployment.state) || revision === undefined) continue;
    const [inputs, registered] = await Promise.all([
      fill(deployment.id),
      ecs.describeTaskDefinition(revision),
    ]);
    const { status, taskDefinitionArn: revisionArn } = registered?.taskDefinition ?? {};
    if (registered === undefined || status !== "ACTIVE" || revisionArn === undefined) continue;
    if (!isSameDefinition(inputs.wish.taskDefinition, registered)) continue;
    if (isSameService(deployment, inputs)) return { deployment, inputs, revisionArn };
  }
  return undefined;
}

/** Members that each deployment has of its own, and those that DescribeServices does not tell of. */
const ownMembers: ReadonlySet<string> = new Set(["desiredCount", "loadBalancers", ...toldByRevision]);

/** One without a service gets one as asked. */
function isSameService({ service, state }: StagedDeployment, { update }: StageInputs): boolean {
  if (service === undefined) return state === "staging";
  if (service.status !== "ACTIVE") return false;
  return serviceChanges(update, service).every(({ member }) => ownMembers.has(member));
}
