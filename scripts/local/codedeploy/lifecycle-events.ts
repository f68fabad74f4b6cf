/**
 * The events of an ECS deployment, in their order.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html#appspec-hooks-ecs
 */
export const lifecycleEvents = [
  "BeforeInstall",
  "Install",
  "AfterInstall",
  "AllowTestTraffic",
  "AfterAllowTestTraffic",
  "BeforeAllowTraffic",
  "AllowTraffic",
  "AfterAllowTraffic",
] as const;

/** The name of an event in the life of a deployment. */
export type LifecycleEventName = (typeof lifecycleEvents)[number];

/** The events that a function of the user's may judge; in the others CodeDeploy itself is at work. */
export const hookableEvents = [
  "BeforeInstall",
  "AfterInstall",
  "AfterAllowTestTraffic",
  "BeforeAllowTraffic",
  "AfterAllowTraffic",
] as const satisfies readonly LifecycleEventName[];
