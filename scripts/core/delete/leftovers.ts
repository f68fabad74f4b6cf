import type { Service } from "@aws-sdk/client-ecs";

import type { RegisteredRevision } from "../deployment/task-definition.ts";
import { logPlaces } from "../logs/places.ts";
import { targetGroupsOf } from "../status/assemble.ts";

/** What deleting a service leaves in the account, one line each. */
export function leftovers(
  { loadBalancers, taskSets, serviceRegistries = [] }: Service,
  revision: RegisteredRevision | undefined,
): readonly string[] {
  const definition = revision?.taskDefinition;
  const groups = definition === undefined ? [] : logPlaces(definition).places.map(({ group }) => group);
  return [
    ...(definition?.family === undefined ? [] : [`task definition family ${definition.family}`]),
    ...targetGroupsOf(loadBalancers, taskSets).map((arn) => `target group ${arn}`),
    ...serviceRegistries.flatMap(({ registryArn }) =>
      registryArn === undefined ? [] : [`service registry ${registryArn}`],
    ),
    ...[...new Set(groups)].map((group) => `log group ${group}`),
  ];
}
