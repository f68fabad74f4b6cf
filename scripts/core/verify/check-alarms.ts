import type { Check } from "../check.ts";
import { serviceToBe, type RolloutSubject } from "../capacity/rollout.ts";
import { failed, ok, skipped, type Facts } from "./facts.ts";

/**
 * Whether the deployment's alarms exist and are quiet: ECS ignores one that is in ALARM at the start, so that it
 * guards nothing.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
 */
export async function checkAlarms(subject: RolloutSubject, facts: Facts): Promise<readonly Check[]> {
  const { alarms } = serviceToBe(subject).deploymentConfiguration ?? {};
  if (alarms?.enable !== true) return [];
  return Promise.all([...new Set(alarms.alarmNames ?? [])].map((alarm) => checkAlarm(alarm, facts)));
}

async function checkAlarm(alarm: string, facts: Facts): Promise<Check> {
  const name = `alarm ${alarm}`;
  const answer = await facts.alarm(alarm);
  switch (answer.kind) {
    case "unread":
      return skipped(name, answer.why);
    case "missing":
      return failed(
        name,
        "there is no such alarm.",
        "Make it, or take its name out of deploymentConfiguration.alarms.",
      );
    case "found":
      return answer.value.state === "ALARM"
        ? failed(
            name,
            "it is in ALARM before the rollout begins, so ECS would ignore it for this deployment or end it at once.",
            "Find out what is wrong, and deploy when it is OK again.",
          )
        : ok(name, `it is ${answer.value.state}.`);
  }
}
