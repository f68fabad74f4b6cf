/**
 * Why a task could not be started for other reasons than its image and its secrets, or was taken away.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
 */
import { containerFirst, containerOf, roleName, type Facts } from "../facts.ts";
import type { Rule } from "./rule.ts";

/** Said before all others: a volume that cannot be reached reads like a registry that cannot. */
export const volumeRules: readonly Rule[] = [
  {
    kind: "volume",
    pattern: /EFS utils|mount\.nfs|failed to (?:mount|attach|create) .*volume|error mounting|EBS volume/i,
    say: (_, facts) => ({
      cause: `A volume of ${containerOf(facts)} could not be mounted.`,
      remedy:
        "Check the volume's file system id, access point, mount targets in the tasks' zones, and that its security group lets port 2049 in from the tasks.",
    }),
  },
];

/** In order: the first that fits says it. */
export const startRules: readonly Rule[] = [
  {
    kind: "roleUnusable",
    pattern: /unable to assume the role '?([^'\s]+)/i,
    say: ([, role = ""]) => ({
      cause: `ECS cannot assume role ${roleName(role)} for the task: it does not exist, or does not trust ecs-tasks.amazonaws.com.`,
      remedy: "Make the role, or let its trust policy allow sts:AssumeRole to ecs-tasks.amazonaws.com.",
    }),
  },
  {
    kind: "portInUse",
    pattern: /port is already allocated|address already in use|Bind for \S+ failed/i,
    say: (_, facts, text) => {
      const port = /(?:Bind for \S*:|:)(\d{2,5})(?:\D|$)/.exec(text)?.[1];
      return {
        cause: `${port === undefined ? "A host port" : `Host port ${port}`} that ${containerOf(facts)} wants is taken on the host.`,
        remedy:
          "Set hostPort to 0, so that each task gets a free port, or stop what holds the port on the host.",
      };
    },
  },
  {
    kind: "cannotStart",
    pattern:
      /exec: \\*"?([^"\\:]+)\\*"?: (?:executable file not found|stat |permission denied|no such file)/i,
    say: ([, program = "its command"], facts, text) => ({
      cause: `${containerFirst(facts)} could not be started: ${program} ${/permission denied/i.test(text) ? "may not be executed" : "is not in the image"}${inImage(facts)}.`,
      remedy: "Correct command and entryPoint in the task definition, or the image's own ENTRYPOINT and CMD.",
    }),
  },
  {
    kind: "noNetworkInterface",
    pattern:
      /network interface|InsufficientFreeAddresses|free addresses|RESOURCE:ENI|not enough free IP|insufficient IP/i,
    say: (_, facts, text) => ({
      cause: /address/i.test(text)
        ? "The subnets of the tasks have no free address left."
        : "The task got no network interface of its own.",
      remedy: facts.onFargate
        ? "Use larger or further subnets, and check the subnets and security groups of networkConfiguration."
        : "Use more or larger hosts (each type takes so many interfaces), awsvpcTrunking, or subnets with free addresses.",
    }),
  },
  {
    kind: "noCapacity",
    pattern: /capacity is unavailable|no capacity available|insufficient capacity/i,
    say: () => ({
      cause: "AWS has no capacity for such a task in these zones now.",
      remedy:
        "Try again later, add subnets of further zones, or mix FARGATE with FARGATE_SPOT in the strategy.",
    }),
  },
  {
    kind: "hostLost",
    pattern:
      /Spot (?:Task|Instance|capacity)|Spot interruption|Host EC2|\binstance \S+\) ?(?:terminated|stopped)|container instance.*inactive/i,
    say: (_found, _facts, text) => ({
      cause: /spot (?:task|in|cap)/i.test(text)
        ? "AWS took the Spot capacity under the task back."
        : "The host under the task was terminated.",
      remedy: /spot (?:task|in|cap)/i.test(text)
        ? "Run it again; a base of on-demand capacity in the strategy keeps a deployment from failing of it."
        : "Run it again once the hosts are stable: see the activity of their auto-scaling group.",
    }),
  },
  {
    kind: "cannotStart",
    pattern: /dependency graph: (.*)/i,
    say: ([, why = ""]) => ({
      cause: `A container that another one waits for (dependsOn) did not get as far: ${why.replace(/[.\s]*$/, "")}.`,
      remedy:
        "See the log of the container that is waited for; correct dependsOn or startTimeout if it only needs longer.",
    }),
  },
  {
    kind: "cannotStart",
    pattern:
      /^(?:CannotStartContainerError|CannotCreateContainerError|ContainerRuntimeError|ContainerRuntimeTimeoutError|DockerTimeoutError|CannotCreateVolumeError)\w*: (.*)/i,
    say: ([, why = ""], facts) => ({
      cause: `${containerFirst(facts)} could not be started${inImage(facts)}: ${why.replace(/[.\s]*$/, "")}.`,
      remedy:
        "Check its command, entryPoint, mounts, devices and ulimits in the task definition; docker run with the same settings shows the same.",
    }),
  },
];

function inImage({ image }: Facts): string {
  return image === undefined ? "" : ` (image ${image})`;
}
