/**
 * Whether the roles of a service exist and ECS may assume them.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-iam-roles.html
 */
import type { Check } from "../check.ts";
import { serviceToBe, type RolloutSubject } from "../capacity/rollout.ts";
import { failed, ok, skipped, type Facts } from "./facts.ts";
import { trustOf } from "./trust-policy.ts";

/** Checks for the task's role, the execution role and the role for a load balancer. */
export async function checkRoles(
  subject: RolloutSubject,
  region: string,
  facts: Facts,
): Promise<readonly Check[]> {
  const { taskRoleArn, executionRoleArn } = subject.taskDefinition;
  const { role } = serviceToBe(subject);
  const roles = [
    { kind: "task role", role: taskRoleArn, service: "ecs-tasks.amazonaws.com" },
    { kind: "execution role", role: executionRoleArn, service: "ecs-tasks.amazonaws.com" },
    { kind: "load balancer role", role, service: "ecs.amazonaws.com" },
  ];
  return Promise.all(
    roles.flatMap((one) =>
      one.role === undefined ? [] : [checkRole(one.kind, one.role, one.service, region, facts)],
    ),
  );
}

async function checkRole(
  kind: string,
  role: string,
  service: string,
  region: string,
  facts: Facts,
): Promise<Check> {
  const roleName = role.slice(role.lastIndexOf("/") + 1);
  const name = `${kind} ${roleName}`;
  if (/\/aws-service-role\//.test(role) || roleName.startsWith("AWSServiceRole")) {
    return ok(name, "it is ECS's own service-linked role.");
  }
  const answer = await facts.role(roleName);
  switch (answer.kind) {
    case "unread":
      return skipped(name, answer.why);
    case "missing":
      return failed(
        name,
        `there is no role ${roleName}.`,
        "Deploy the stack that makes it, or correct its ARN.",
      );
    case "found": {
      const { arn, trustPolicy } = answer.value;
      if (role.startsWith("arn:") && arn !== role) {
        return failed(
          name,
          `the role ${roleName} is ${arn}, and the template names ${role}.`,
          "Name it with its path and account.",
        );
      }
      const [, partition = "aws", , , account = ""] = arn.split(":");
      const trust = trustOf(trustPolicy, { service, partition, account, region });
      switch (trust.kind) {
        case "trusts":
          return ok(name, `it exists and trusts ${service}.`);
        case "unclear":
          return skipped(name, `it exists; ${trust.why}`);
        case "doesNotTrust":
          return failed(name, trust.why, trust.remedy);
      }
    }
  }
}
