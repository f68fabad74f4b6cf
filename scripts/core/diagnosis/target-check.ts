/**
 * What a load balancer asked of a target, and what it was answered.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
import type { Task } from "@aws-sdk/client-ecs";
import type { TargetGroup, TargetHealthDescription } from "@aws-sdk/client-elastic-load-balancing-v2";

import type { DiagnosisKind } from "../diagnosis.ts";
import type { Evidence } from "./evidence.ts";
import type { Said } from "./facts.ts";

/** A target found unhealthy, in the load balancer's words: a reason code, its description, or both. */
export interface TargetComplaint {
  readonly targetGroupArn: string;
  readonly words: string;
}

/** The cause in the load balancer's words, together with what it asked and of which port. */
export function explainTarget(
  { targetGroupArn, words }: TargetComplaint,
  evidence: Evidence,
): Said & { readonly kind: DiagnosisKind; readonly container?: string } {
  const group = evidence.targetGroups.find(({ TargetGroupArn }) => TargetGroupArn === targetGroupArn);
  const entry = evidence.described?.loadBalancers?.find((one) => one.targetGroupArn === targetGroupArn);
  const name = group?.TargetGroupName ?? targetGroupName(targetGroupArn);
  const where = `target group ${name}`;
  const port = portOf(group, entry?.containerPort);
  const container = entry?.containerName === undefined ? "The container" : `Container ${entry.containerName}`;
  const about = entry?.containerName === undefined ? {} : { container: entry.containerName };
  const path = group?.HealthCheckPath;
  const asked =
    path === undefined ? "the health check" : `${group?.HealthCheckProtocol ?? "HTTP"} GET ${path}`;
  const codes = /codes?: \[?([\d, ]+)\]?/i.exec(words)?.[1]?.trim();
  const allowed = group?.Matcher?.HttpCode ?? group?.Matcher?.GrpcCode ?? "200";

  if (codes !== undefined || /ResponseCodeMismatch/.test(words)) {
    return {
      kind: "targetAnswersWrong",
      ...about,
      cause: `${container} answers ${asked} on ${port} with ${codes ?? "a wrong code"}, while the health check of ${where} wants ${allowed}.`,
      remedy: wrongCodeRemedy(codes ?? "", path ?? "/"),
    };
  }
  if (/timed? ?out|Target\.Timeout/i.test(words)) {
    return {
      kind: "targetTimesOut",
      ...about,
      cause: `${container} does not answer ${asked} on ${port} within ${group?.HealthCheckTimeoutSeconds ?? 5} s (${where}).`,
      remedy: `Let the tasks' security group accept ${port} from the load balancer's; if it does, see why the application is slow, or raise the health check's timeout.`,
    };
  }
  if (/FailedHealthChecks|^Health checks failed\.?$|connection|UnhealthyThreshold/i.test(words)) {
    const grace = evidence.described?.healthCheckGracePeriodSeconds ?? 0;
    return {
      kind: "targetRefuses",
      ...about,
      cause: `${container} does not accept the health check of ${where} on ${port}: nothing answers ${asked} there.`,
      remedy: `Let the application listen on 0.0.0.0 and on that port (not on 127.0.0.1, not on another), or correct containerPort; if it only starts slowly, raise healthCheckGracePeriodSeconds (now ${grace} s).`,
    };
  }
  if (/NotInUse|not configured to receive traffic|not enabled for the load balancer/i.test(words)) {
    return {
      kind: "targetUnhealthy",
      ...about,
      cause: /not enabled/i.test(words)
        ? `Targets of ${where} are in an Availability Zone that its load balancer does not serve.`
        : `No listener forwards to ${where}, so its targets are never checked and never healthy.`,
      remedy: /not enabled/i.test(words)
        ? "Add a subnet of that zone to the load balancer, or keep the tasks out of it."
        : "Add a listener rule that forwards to it.",
    };
  }
  return {
    kind: "targetUnhealthy",
    ...about,
    cause: `${container} is unhealthy in ${where}, whose health check asks ${asked} on ${port} and wants ${allowed}.`,
    remedy: "Ask the container the same (./deploy exec) and see its log.",
  };
}

function wrongCodeRemedy(codes: string, path: string): string {
  const code = Number.parseInt(codes, 10);
  if (code === 404) {
    return `Let the application answer ${path}, or point the health check at a path that it has (HealthCheckPath of the target group).`;
  }
  if (code === 401 || code === 403) {
    return `Let ${path} be asked without signing in, or point the health check at a path that can be.`;
  }
  if (code >= 300 && code < 400) {
    return `Point the health check at the path that ${path} redirects to, or allow 200-399 in its matcher.`;
  }
  if (code === 400) {
    return `Let the application accept requests whose Host header is an address (as the health check's is), or point the check at a path that does.`;
  }
  return code >= 500
    ? `The application itself says that it is not well: see its log, and what ${path} depends on (database, other services).`
    : `Let ${path} answer a code that the health check allows, or change its path or matcher.`;
}

function portOf(group: TargetGroup | undefined, containerPort: number | undefined): string {
  const own = group?.HealthCheckPort;
  if (own !== undefined && own !== "traffic-port") return `port ${own}`;
  return containerPort === undefined ? "its port" : `port ${containerPort}`;
}

/** `targetgroup/web/0123456789abcdef` is web. */
function targetGroupName(arn: string): string {
  return arn.split("/").at(-2) ?? arn;
}

/** The targets of a task that runs, as far as the load balancer finds something wrong with them now. */
export function ailingTargets(
  task: Task,
  { targetHealth, hosts = [] }: Evidence,
): readonly TargetComplaint[] {
  const addresses = addressesOf(task);
  const host = hosts.find(({ containerInstanceArn }) => containerInstanceArn === task.containerInstanceArn);
  const isOurs = ({ Target }: TargetHealthDescription): boolean => {
    if (addresses.has(Target?.Id ?? "")) return true;
    const onHost =
      Target?.Id?.startsWith("i-") === true && (host === undefined || host.ec2InstanceId === Target.Id);
    const bindings = (task.containers ?? []).flatMap(({ networkBindings = [] }) => networkBindings);
    return onHost && bindings.some(({ hostPort }) => hostPort === Target.Port);
  };
  return [...targetHealth].flatMap(([targetGroupArn, targets]) =>
    targets.filter(isOurs).flatMap(({ TargetHealth }) => {
      const { State, Reason = "", Description = "" } = TargetHealth ?? {};
      const wrong = State === "unhealthy" || State === "unused";
      // The description tells the codes; the code alone tells the rest.
      return wrong
        ? [{ targetGroupArn, words: [Reason, Description].filter((word) => word !== "").join(": ") }]
        : [];
    }),
  );
}

function addressesOf({ containers = [] }: Task): ReadonlySet<string> {
  return new Set(
    containers.flatMap(({ networkInterfaces = [] }) =>
      networkInterfaces.flatMap(({ privateIpv4Address, ipv6Address }) =>
        [privateIpv4Address, ipv6Address].flatMap((one) => one ?? []),
      ),
    ),
  );
}
