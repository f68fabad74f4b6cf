/**
 * The form in which members of a service are compared: what AWS fills in written out on both sides.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
 */
import { changedMembers, each, filled, membersOf, withoutDefaults, type Members } from "./members.ts";

/** What a service has where DescribeServices tells nothing, and what a template means that says so. */
const serviceDefaults: Members = {
  availabilityZoneRebalancing: "DISABLED",
  deploymentController: { type: "ECS" },
  enableECSManagedTags: false,
  enableExecuteCommand: false,
  healthCheckGracePeriodSeconds: 0,
  propagateTags: "NONE",
};

/** Members of the deployment configuration where they are left out. */
const deploymentDefaults: Members = {
  alarms: { alarmNames: [], enable: false, rollback: false },
  bakeTimeInMinutes: 0,
  deploymentCircuitBreaker: { enable: false, rollback: false },
  strategy: "ROLLING",
};

/** The threshold is half of the desired count, within bounds, unless a service asks for another. */
const breakerDefaults: Members = {
  resetOnHealthyTask: true,
  thresholdConfiguration: { type: "BOUNDED_PERCENT", value: 50 },
};

type Form = (value: unknown) => unknown;

const forms: Readonly<Record<string, Form>> = {
  capacityProviderStrategy: each((item) => filled(item, { base: 0, weight: 0 })),
  deploymentConfiguration: comparableDeployment,
  deploymentController: (controller) => filled(controller, { type: "ECS" }),
  networkConfiguration: (network) =>
    changedMembers(membersOf(network), {
      awsvpcConfiguration: (awsvpc) => filled(awsvpc, { assignPublicIp: "DISABLED" }),
    }),
  placementStrategy: each((strategy) => changedMembers(membersOf(strategy), { field: placementField })),
  // A service that is connected to nothing may say so, or leave it out.
  serviceConnectConfiguration: (connect) => withoutDefaults(connect, { enabled: false }),
};

/**
 * A member of a service in its comparable form.
 *
 * @param member a field of UpdateService
 * @param value what a template asks for, or what runs
 */
export function comparableMember(member: string, value: unknown): unknown {
  if (value === undefined || value === null) return serviceDefaults[member];
  return (forms[member] ?? ((same: unknown) => same))(value);
}

/** A deployment configuration that runs, with what it has where AWS tells nothing of it. */
export function runningDeployment(configuration: unknown): Members {
  return membersOf(comparableDeployment(filled(configuration, deploymentDefaults)));
}

function comparableDeployment(configuration: unknown): unknown {
  return changedMembers(membersOf(configuration), {
    canaryConfiguration: (canary) => filled(canary, { canaryBakeTimeInMinutes: 10, canaryPercent: 5 }),
    deploymentCircuitBreaker: (breaker) => filled(breaker, breakerDefaults),
    earlySuccessCriteria: (criteria) => withoutDefaults(criteria, { enable: false }),
    lifecycleHooks: each(comparableHook),
    linearConfiguration: (linear) => filled(linear, { stepBakeTimeInMinutes: 6, stepPercent: 10 }),
  });
}

function comparableHook(hook: unknown): Members {
  const timeoutConfiguration = filled(membersOf(hook)["timeoutConfiguration"], {
    action: "ROLLBACK",
    timeoutInMinutes: 1440,
  });
  return { ...filled(hook, { targetType: "AWS_LAMBDA" }), timeoutConfiguration };
}

/** `host` has the same effect as `instanceId`, and AWS answers `cpu` and `memory` in capitals at times. */
function placementField(field: unknown): unknown {
  if (typeof field !== "string") return field;
  if (field.toLowerCase() === "host") return "instanceId";
  return /^(cpu|memory)$/i.test(field) ? field.toLowerCase() : field;
}
