/**
 * Whether the target groups can take the tasks: attached, of the right type, with a health check that can succeed.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html
 */
import type { LoadBalancer } from "@aws-sdk/client-ecs";
import type { TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";

import type { Check } from "../check.ts";
import { serviceToBe, type RolloutSubject } from "../capacity/rollout.ts";
import { failed, ok, skipped, type Facts } from "./facts.ts";

/** One or two checks for each target group of a service. */
export async function checkTargetGroups(subject: RolloutSubject, facts: Facts): Promise<readonly Check[]> {
  const loadBalancers = serviceToBe(subject).loadBalancers ?? [];
  const arns = loadBalancers.flatMap((one) =>
    [one.targetGroupArn, one.advancedConfiguration?.alternateTargetGroupArn].flatMap((arn) =>
      arn === undefined ? [] : [{ arn, loadBalancer: one, isAlternate: arn !== one.targetGroupArn }],
    ),
  );
  const checks = await Promise.all(
    arns.map((one) => checkOne(one.arn, one.loadBalancer, one.isAlternate, subject, facts)),
  );
  return checks.flat();
}

async function checkOne(
  arn: string,
  loadBalancer: LoadBalancer,
  isAlternate: boolean,
  subject: RolloutSubject,
  facts: Facts,
): Promise<readonly Check[]> {
  const name = `target group ${targetGroupName(arn)}`;
  const answer = await facts.targetGroup(arn);
  switch (answer.kind) {
    case "unread":
      return [skipped(name, answer.why)];
    case "missing":
      return [
        failed(
          name,
          `there is no target group ${arn}.`,
          "Deploy the stack that makes it, or correct targetGroupArn (TARGET_GROUP_ARN).",
        ),
      ];
    case "found":
      return [
        checkAttached(name, answer.value, isAlternate),
        checkType(name, answer.value, subject),
        checkPort(name, answer.value, loadBalancer, subject),
        checkHealthCheck(name, answer.value),
      ];
  }
}

function checkAttached(name: string, { LoadBalancerArns = [] }: TargetGroup, isAlternate: boolean): Check {
  const [first] = LoadBalancerArns;
  if (first !== undefined) return ok(name, `it is attached to load balancer ${loadBalancerName(first)}.`);
  if (isAlternate) return ok(name, "ECS attaches it during the deployment.");
  return failed(
    name,
    "no listener and no rule of a load balancer forwards to it, so CreateService is refused and no target gets healthy.",
    "Add a listener or a rule that forwards to it.",
  );
}

function checkType(name: string, { TargetType }: TargetGroup, { taskDefinition }: RolloutSubject): Check {
  const mode = taskDefinition.networkMode ?? "bridge";
  const wanted = mode === "awsvpc" ? "ip" : "instance";
  const check = `${name}: target type`;
  if (TargetType === wanted) {
    return ok(check, `${wanted}, as network mode ${mode} needs.`);
  }
  return failed(
    check,
    `it is ${TargetType ?? "unknown"}, and tasks with network mode ${mode} register as ${wanted}.`,
    `Use a target group of type ${wanted}: the type of one that exists cannot be changed.`,
  );
}

function checkPort(
  name: string,
  { Protocol }: TargetGroup,
  { containerName, containerPort }: LoadBalancer,
  { taskDefinition }: RolloutSubject,
): Check {
  const check = `${name}: container port`;
  const containers = taskDefinition.containerDefinitions ?? [];
  const container = containers.find((candidate) => candidate.name === containerName);
  if (container === undefined) {
    return failed(
      check,
      `the task definition has no container ${containerName ?? ""}.`,
      `Name one of ${containers.map((one) => one.name ?? "").join(", ")} as containerName.`,
    );
  }
  const mappings = container.portMappings ?? [];
  const mapping = mappings.find((candidate) => candidate.containerPort === containerPort);
  const inRange = mappings.some(({ containerPortRange = "" }) =>
    isWithin(containerPort ?? 0, containerPortRange),
  );
  if (mapping === undefined && !inRange) {
    return failed(
      check,
      `container ${containerName ?? ""} maps no port ${containerPort ?? ""}.`,
      `Add a port mapping, or name one of ${mappings.map((one) => one.containerPort ?? one.containerPortRange ?? "").join(", ") || "its ports"} as containerPort.`,
    );
  }
  const transport = mapping?.protocol ?? "tcp";
  const wanted = Protocol === "UDP" || Protocol === "QUIC" ? "udp" : "tcp";
  const takesBoth = Protocol === "TCP_UDP" || Protocol === "TCP_QUIC";
  if (!takesBoth && Protocol !== undefined && transport !== wanted) {
    return failed(
      check,
      `the group forwards ${Protocol}, and the container's port ${containerPort ?? ""} is ${transport}.`,
      `Map the port with protocol ${wanted}, or use another target group.`,
    );
  }
  return ok(
    check,
    `container ${containerName ?? ""} listens for ${Protocol ?? "it"} on ${containerPort ?? ""}.`,
  );
}

function checkHealthCheck(name: string, group: TargetGroup): Check {
  const check = `${name}: health check`;
  const { HealthCheckPath: path, HealthCheckProtocol: protocol = "", HealthCheckPort: port, Matcher } = group;
  if (group.HealthCheckEnabled === false) {
    return failed(check, "health checks are off, so no target gets healthy.", "Turn them on.");
  }
  const isHttp = protocol.startsWith("HTTP");
  const grpc = group.ProtocolVersion === "GRPC";
  if (isHttp && path?.startsWith("/") !== true) {
    return failed(
      check,
      `its path ${JSON.stringify(path ?? "")} does not start with /.`,
      "Set a path that the application answers with success, as in /health.",
    );
  }
  const codes = grpc ? Matcher?.GrpcCode : Matcher?.HttpCode;
  if (isHttp && (codes ?? "") === "") {
    return failed(
      check,
      "it counts no answer as healthy (its matcher is empty).",
      "Set a matcher such as 200.",
    );
  }
  const timeout = group.HealthCheckTimeoutSeconds ?? 0;
  const interval = group.HealthCheckIntervalSeconds ?? Infinity;
  // A Network Load Balancer's may take all of its interval.
  if (timeout > interval && interval > 0) {
    return failed(
      check,
      `its time-out (${timeout} s) is longer than its interval (${interval} s).`,
      "Shorten the time-out.",
    );
  }
  const where = port === undefined || port === "traffic-port" ? "the target's own port" : `port ${port}`;
  return ok(
    check,
    isHttp
      ? `${protocol} ${path ?? ""} on ${where}, healthy with ${codes ?? ""}.`
      : `${protocol} on ${where}.`,
  );
}

function isWithin(port: number, range: string): boolean {
  const [, first, last] = /^(\d+)-(\d+)$/.exec(range) ?? [];
  return first !== undefined && last !== undefined && port >= Number(first) && port <= Number(last);
}

/** `web` of `arn:…:targetgroup/web/0123`. */
export function targetGroupName(arn: string): string {
  return arn.split("/")[1] ?? arn;
}

/** `test-external` of `arn:…:loadbalancer/app/test-external/0123`. */
export function loadBalancerName(arn: string): string {
  return arn.split("/")[2] ?? arn;
}
