/**
 * Whether the log groups of awslogs exist, or may be made by the containers.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html
 */
import type { Check } from "../check.ts";
import type { RolloutSubject } from "../capacity/rollout.ts";
import { failed, ok, skipped, type Facts } from "./facts.ts";
import { mayDo } from "./may-do.ts";

/** One check for each log group of the task definition. */
export async function checkLogs(
  subject: RolloutSubject,
  region: string,
  facts: Facts,
): Promise<readonly Check[]> {
  const groups = new Map<string, { group: string; region: string; creates: boolean }>();
  for (const { logConfiguration } of subject.taskDefinition.containerDefinitions ?? []) {
    const { logDriver, options = {} } = logConfiguration ?? {};
    const group = options["awslogs-group"];
    if (logDriver !== "awslogs" || group === undefined) continue;
    const where = options["awslogs-region"] ?? region;
    groups.set(`${group} ${where}`, {
      group,
      region: where,
      creates: options["awslogs-create-group"] === "true",
    });
  }
  return Promise.all([...groups.values()].map((one) => checkGroup(one, subject, facts)));
}

async function checkGroup(
  { group, region, creates }: { group: string; region: string; creates: boolean },
  { taskDefinition }: RolloutSubject,
  facts: Facts,
): Promise<Check> {
  const name = `log group ${group}`;
  const answer = await facts.logGroup(group, region);
  switch (answer.kind) {
    case "unread":
      return skipped(name, answer.why);
    case "found":
      return ok(name, `it exists in ${region}.`);
    case "missing": {
      if (!creates) {
        return failed(
          name,
          `there is no such log group in ${region}, so the container would not start.`,
          'Make it, or set the log option "awslogs-create-group": "true" and allow logs:CreateLogGroup.',
        );
      }
      const role = taskDefinition.executionRoleArn;
      if (role === undefined)
        return skipped(name, "it will be made by the host's role, which is not looked at.");
      const may = await mayDo(
        facts,
        role,
        "logs:CreateLogGroup",
        `arn:aws:logs:${region}:${accountOf(role)}:log-group:${group}`,
      );
      switch (may.kind) {
        case "yes":
          return ok(name, "it will be made by the first container, and the execution role may do that.");
        case "unknown":
          return skipped(name, `it will be made by the first container; ${may.why}`);
        case "no":
          return failed(
            name,
            `there is no such log group, and the execution role may not make it: ${may.why}`,
            "Allow logs:CreateLogGroup to the execution role, or make the log group.",
          );
      }
    }
  }
}

function accountOf(roleArn: string): string {
  return roleArn.split(":")[4] ?? "";
}
