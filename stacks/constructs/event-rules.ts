/**
 * What is worth waking someone for, as EventBridge tells it of one cluster; and what the message says.
 */
import type { Environment } from "../../scripts/core/environments.ts";
import { clusterName, codeDeployApplicationName } from "../../scripts/core/naming.ts";
import { arnIn } from "./arns.ts";
import type { Account } from "./arns.ts";

/** Conditions on an event's fields, in EventBridge's own form. */
type EventPattern = Readonly<Record<string, unknown>>;

/** A rule: which events, and the line that is sent for one of them. */
export interface EventRule {
  /** Ends the rule's name, and is its construct's id. */
  readonly id: string;
  readonly description: string;
  readonly pattern: EventPattern;
  /** Paths into the event, by the names that `message` has in angle brackets. */
  readonly paths: Readonly<Record<string, string>>;
  /** One line: what, AWS's own reason, and where to look. The command is last, so that it can be copied. */
  readonly message: string;
}

/** The name of an environment's rule; at most 64 characters, since environments have at most 32. */
export function ruleName(environment: string, id: string): string {
  return `${environment}-${id}`;
}

/** Reasons of tasks that the scheduler stops because they are ill; those of deployments and scale-in begin otherwise. */
const illness = "Task failed ";

/** What a service says when it cannot get its tasks running, though none of them may ever start and fail. */
const complaints = [
  "SERVICE_TASK_START_IMPAIRED",
  "SERVICE_TASK_PLACEMENT_FAILURE",
  "SERVICE_TASK_CONFIGURATION_FAILURE",
] as const;

/**
 * The rules of an environment.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function eventRules(environment: Environment, account: Account): EventRule[] {
  const { name, region, services } = environment;
  const cluster = clusterName(name);
  const clusterArn = arnIn(account, "ecs", region, `cluster/${cluster}`);
  const see = (service: string): string => `See: ./deploy status ${service} --env ${name}`;
  const stopped = { clusterArn: [clusterArn], lastStatus: ["STOPPED"] };
  const ofTask = { group: "$.detail.group", task: "$.detail.taskArn", reason: "$.detail.stoppedReason" };
  const ofService = { service: "$.resources[0]", reason: "$.detail.reason" };
  const byCodeDeploy = Object.values(services).some(({ blueGreen }) => blueGreen?.by === "codeDeploy");
  return [
    {
      id: "task-failed",
      description: `A task of a service of environment ${name} failed`,
      pattern: {
        source: ["aws.ecs"],
        "detail-type": ["ECS Task State Change"],
        detail: {
          ...stopped,
          group: [{ prefix: "service:" }],
          $or: [
            { stopCode: ["TaskFailedToStart", "EssentialContainerExited"] },
            { stoppedReason: [{ prefix: illness }] },
          ],
        },
      },
      paths: ofTask,
      message: `${name}: a task of <group> failed: <reason> (task <task>). ${see("<group>")}`,
    },
    {
      id: "one-off-task-failed",
      description: `A one-off task of environment ${name} did not start, or ended with an error`,
      pattern: {
        source: ["aws.ecs"],
        "detail-type": ["ECS Task State Change"],
        detail: {
          ...stopped,
          group: [{ "anything-but": { prefix: "service:" } }],
          $or: [
            { stopCode: ["TaskFailedToStart"] },
            // A task that has done its work ends in the same way, but with 0.
            { stopCode: ["EssentialContainerExited"], containers: { exitCode: [{ "anything-but": [0] }] } },
          ],
        },
      },
      paths: ofTask,
      message: `${name}: one-off task <task> (<group>) failed: <reason>. Its output is in the log of its task definition.`,
    },
    {
      id: "deployment-failed",
      description: `ECS gave up a deployment of environment ${name}`,
      pattern: {
        source: ["aws.ecs"],
        "detail-type": ["ECS Deployment State Change"],
        // These events do not name the cluster but in the service's ARN.
        resources: [{ prefix: arnIn(account, "ecs", region, `service/${cluster}/`) }],
        detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
      },
      paths: ofService,
      message: `${name}: a deployment failed: <reason> ${see("<service>")}`,
    },
    {
      id: "service-impaired",
      description: `A service of environment ${name} cannot place or start its tasks`,
      pattern: {
        source: ["aws.ecs"],
        "detail-type": ["ECS Service Action"],
        detail: { clusterArn: [clusterArn], eventName: [...complaints] },
      },
      paths: { ...ofService, event: "$.detail.eventName" },
      message: `${name}: <event> <reason>. ${see("<service>")}`,
    },
    ...(byCodeDeploy ? [codeDeployRule(name, region, see("<service>"))] : []),
  ];
}

/** CodeDeploy's groups are named as their services. */
function codeDeployRule(name: string, region: string, see: string): EventRule {
  return {
    id: "codedeploy-failed",
    description: `CodeDeploy gave up or stopped a deployment of environment ${name}`,
    pattern: {
      source: ["aws.codedeploy"],
      "detail-type": ["CodeDeploy Deployment State-change Notification"],
      detail: {
        application: [codeDeployApplicationName(name)],
        region: [region],
        state: ["FAILURE", "STOP"],
      },
    },
    paths: {
      service: "$.detail.deploymentGroup",
      deployment: "$.detail.deploymentId",
      state: "$.detail.state",
    },
    message: `${name}: CodeDeploy deployment <deployment> ended with <state>. ${see}`,
  };
}
