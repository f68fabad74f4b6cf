import type { LoadBalancer, Service, TaskSet } from "@aws-sdk/client-ecs";

/** The task set that has the production traffic: what a service under CODE_DEPLOY runs. */
export function primaryTaskSet({ taskSets = [] }: Service): TaskSet | undefined {
  return taskSets.find(({ status }) => status === "PRIMARY");
}

/** The revision that a service under CODE_DEPLOY runs. */
export function runningRevision(service: Service): string | undefined {
  return primaryTaskSet(service)?.taskDefinition ?? service.taskDefinition;
}

/** Whether all tasks of the primary task set run and ECS calls it steady. */
export function isSteady(service: Service): boolean {
  const primary = primaryTaskSet(service);
  if (primary === undefined) return false;
  const { stabilityStatus, runningCount, computedDesiredCount, pendingCount = 0 } = primary;
  return stabilityStatus === "STEADY_STATE" && runningCount === computedDesiredCount && pendingCount === 0;
}

/** What runs behind the load balancer now: the target group is one of the pair's, whichever has the traffic. */
export function loadBalancersNow(service: Service): readonly LoadBalancer[] {
  return primaryTaskSet(service)?.loadBalancers ?? service.loadBalancers ?? [];
}

/** A target group's name from its ARN, `…:targetgroup/NAME/ID`. */
export function targetGroupNameOf(arn: string | undefined): string | undefined {
  return /:targetgroup\/([^/]+)\//.exec(arn ?? "")?.[1];
}
