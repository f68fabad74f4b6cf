import { describe, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { onlyResource, resourcesOf, stackOf, synthesize } from "../helpers/terraform-synthesis.ts";
import type { SynthesizedStack } from "../helpers/terraform-synthesis.ts";

const fixture = readFileSync(new URL("../fixtures/environments/monitored.jsonc", import.meta.url), "utf8");
const stacks = synthesize(fixture);
const monitoring = stackOf(stacks, "live-monitoring");

/** The stacks that a stack refers to. */
function references(stack: SynthesizedStack): string[] {
  return Object.keys(stack.data["terraform_remote_state"] ?? {}).map((id) =>
    id.replace("cross-stack-reference-input-", ""),
  );
}

describe("the topic of an environment", () => {
  test("is encrypted with the environment's key and published for whoever wants to tell or to listen", () => {
    const topic = onlyResource(monitoring, "aws_sns_topic");
    expect(topic).toMatchObject({
      name: "live-ecs-events",
      kms_master_key_id: expect.stringContaining("live-encryption"),
    });
    expect(monitoring.output["event-topic-arn"]).toMatchObject({ value: "${aws_sns_topic.topic.arn}" });
  });

  test("takes messages of the environment's rules and alarms, and of nobody else's", () => {
    const { Statement: statements } = JSON.parse(
      String(onlyResource(monitoring, "aws_sns_topic_policy")["policy"]),
    ) as { Statement: { Principal: unknown; Condition: Record<string, unknown> }[] };
    const rules = Object.keys(resourcesOf(monitoring, "aws_cloudwatch_event_rule"));
    expect(rules).toHaveLength(5);
    expect(statements).toMatchObject([
      {
        Principal: { Service: "events.amazonaws.com" },
        Action: ["sns:Publish"],
        Condition: {
          ArnEquals: {
            "aws:SourceArn": expect.arrayContaining(
              rules.map((id) => `\${aws_cloudwatch_event_rule.${id}.arn}`),
            ),
          },
        },
      },
      {
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: ["sns:Publish"],
        Condition: {
          StringEquals: { "aws:SourceAccount": expect.stringContaining("account_id") },
          ArnLike: { "aws:SourceArn": expect.stringMatching(/:alarm:live\/\*$/) },
        },
      },
    ]);
    expect(statements).toHaveLength(2);
  });

  test("is the target of every rule, with a line of text for each event", () => {
    const targets = Object.values(resourcesOf(monitoring, "aws_cloudwatch_event_target"));
    expect(targets).toHaveLength(5);
    for (const target of targets) {
      expect(target["arn"]).toBe("${aws_sns_topic.topic.arn}");
      const { input_paths: paths, input_template: template } = target["input_transformer"] as {
        input_paths: Record<string, string>;
        input_template: string;
      };
      const named = [...template.matchAll(/<([a-z]+)>/g)].map(([, name]) => name).toSorted();
      expect([...new Set(named)]).toEqual(
        Object.keys(paths)
          .filter((name) => named.includes(name))
          .toSorted(),
      );
      expect(typeof JSON.parse(template)).toBe("string");
    }
  });

  test("is listened to by those who are named, whatever their order", () => {
    const subscriptions = resourcesOf(monitoring, "aws_sns_topic_subscription");
    const listeners = Object.values(subscriptions).map(({ protocol, endpoint }) => [protocol, endpoint]);
    expect(listeners.toSorted()).toEqual([
      ["email", "oncall@example.com"],
      ["https", "https://hooks.example.com/ecs"],
    ]);
    const moved = fixture.replace(
      '["oncall@example.com", "https://hooks.example.com/ecs"]',
      '["first@example.com", "https://hooks.example.com/ecs", "oncall@example.com"]',
    );
    const after = resourcesOf(stackOf(synthesize(moved), "live-monitoring"), "aws_sns_topic_subscription");
    expect(Object.keys(after)).toEqual(expect.arrayContaining(Object.keys(subscriptions)));
    expect(Object.keys(after)).toHaveLength(3);
  });

  test("is told when an alarm of a service rings and when it is over", () => {
    const traffic = stackOf(stacks, "live-load-balancer-external");
    const alarms = Object.values(resourcesOf(traffic, "aws_cloudwatch_metric_alarm"));
    expect(alarms).toHaveLength(12);
    for (const alarm of alarms) {
      expect(alarm["alarm_actions"]).toEqual([expect.stringContaining("live-monitoring")]);
      expect(alarm["ok_actions"]).toEqual(alarm["alarm_actions"]);
    }
  });

  test("belongs to one environment, on a shared network too", () => {
    const traffic = stackOf(stacks, "preview-load-balancer-external");
    const [alarm] = Object.values(resourcesOf(traffic, "aws_cloudwatch_metric_alarm"));
    expect(alarm?.["alarm_actions"]).toEqual([expect.stringContaining("preview-monitoring")]);
  });

  test("is not there unless it is wanted, and then no alarm tells anyone", () => {
    const without = synthesize(fixture.replaceAll(/"monitoring": \{[^}]*\},/g, ""));
    expect(Object.keys(without).filter((name) => /monitoring|dashboard/.test(name))).toEqual([]);
    const traffic = stackOf(without, "live-load-balancer-external");
    for (const alarm of Object.values(resourcesOf(traffic, "aws_cloudwatch_metric_alarm"))) {
      expect(alarm).not.toHaveProperty("alarm_actions");
    }
  });
});

test("references go from the key and the topic on to the dashboard, and never back", () => {
  expect(
    Object.fromEntries(Object.entries(stacks).map(([name, stack]) => [name, references(stack)])),
  ).toEqual({
    "live-encryption": [],
    "live-monitoring": ["live-encryption"],
    "live-network": ["live-encryption"],
    "live-roles": ["live-encryption"],
    "live-cluster": ["live-encryption", "live-network"],
    "live-load-balancer-external": ["live-monitoring", "live-network"],
    "live-dashboard": ["live-load-balancer-external"],
    "preview-monitoring": [],
    "preview-network": ["live-network"],
    "preview-roles": [],
    "preview-cluster": [],
    "preview-load-balancer-external": expect.arrayContaining([
      "live-load-balancer-external",
      "preview-monitoring",
    ]),
    users: [],
  });
});
