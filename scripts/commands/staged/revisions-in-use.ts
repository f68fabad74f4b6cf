import { stagedTags, type StagedDeployment } from "../../core/staged/model.ts";
import { familyName } from "../../core/staged/names.ts";
import { revisionsInUse, type RevisionsInUse } from "../facts/revisions-in-use.ts";
import type { RunContext } from "../run-context.ts";
import { observeApplication } from "./observe.ts";
import type { StagedService } from "./place.ts";

/**
 * The family of an application whose deployments are services of their own, and which of its revisions must stay:
 * those of every deployment that stands, whether its service is there yet or not, and those that a rollback would
 * stage again.
 *
 * @throws RefusedError, InvalidInputError, or AwsCallError when it cannot be told, so that nothing is taken for unused
 */
export async function stagedRevisionsInUse(
  service: StagedService,
  context: RunContext,
): Promise<RevisionsInUse & { readonly family: string }> {
  const observed = await observeApplication(service, context);
  const family = familyName(observed);
  const [{ usedBy, rollbackTargets }, own, replaced] = await Promise.all([
    revisionsInUse(observed.cluster, family, context),
    arnsBy(stagedTags.revision, observed.deployments, context),
    arnsBy(stagedTags.replacedRevision, observed.deployments, context),
  ]);
  const users = new Map(usedBy);
  for (const { serviceName, arn } of own) {
    users.set(arn, [...new Set([...(users.get(arn) ?? []), serviceName])]);
  }
  // By its id, since its service may have a target of ECS's own as well.
  const targets = replaced.map(({ id, arn }): [string, string] => [id, arn]);
  return { family, usedBy: users, rollbackTargets: new Map([...rollbackTargets, ...targets]) };
}

/** Each deployment with the ARN of the revision that a tag of it names. */
async function arnsBy(
  tag: string,
  deployments: readonly StagedDeployment[],
  { ecs }: RunContext,
): Promise<readonly { readonly id: string; readonly serviceName: string; readonly arn: string }[]> {
  const found = await Promise.all(
    deployments.map(async ({ id, serviceName, targetGroup }) => {
      const name = targetGroup.tags[tag];
      const revision = name === undefined ? undefined : await ecs.describeTaskDefinition(name);
      const arn = revision?.taskDefinition.taskDefinitionArn;
      return arn === undefined ? [] : [{ id, serviceName, arn }];
    }),
  );
  return found.flat();
}
