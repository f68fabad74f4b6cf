import { describe, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { resourcesOf, stackOf, synthesize } from "../helpers/terraform-synthesis.ts";
import type { Block, SynthesizedStack } from "../helpers/terraform-synthesis.ts";

const fixture = fileURLToPath(new URL("../fixtures/environments/blue-green.jsonc", import.meta.url));
const stacks = synthesize(readFileSync(fixture, "utf8"));
const traffic = stackOf(stacks, "live-load-balancer-external");

function byName(stack: SynthesizedStack, type: string, field = "name"): Record<string, Block> {
  return Object.fromEntries(
    Object.values(resourcesOf(stack, type)).map((block) => [String(block[field]), block]),
  );
}

/** One environment with one service that ECS deploys in this network mode. */
function pairOf(networkMode: string, name = "dev", service = "web") {
  const environment = {
    region: "eu-west-1",
    network: { cidr: "10.1.0.0/16", zones: 2 },
    loadBalancers: { external: {} },
    cluster: { ec2: { instanceType: "t3.small", min: 1, desired: 1, max: 1 } },
    services: {
      [service]: {
        containerPort: 80,
        networkMode,
        blueGreen: { by: "ecs", priority: 40_010, host: "a.example.com" },
      },
    },
  };
  return stackOf(
    synthesize(JSON.stringify({ environments: { [name]: environment } })),
    `${name}-load-balancer-external`,
  );
}

describe("a service that CodeDeploy or ECS moves the traffic of", () => {
  test("has two target groups of the type that its tasks need, tagged as its own", () => {
    const groups = byName(traffic, "aws_alb_target_group");
    for (const name of ["live-web-blue", "live-web-green", "live-api-blue", "live-api-green"]) {
      expect(groups[name]).toMatchObject({
        target_type: "ip",
        tags: { "slipway:environment": "live", "slipway:application": name.split("-")[1] },
      });
    }
    const hosts = byName(pairOf("bridge"), "aws_alb_target_group");
    expect([hosts["dev-web-blue"], hosts["dev-web-green"]]).toMatchObject([
      { target_type: "instance" },
      { target_type: "instance" },
    ]);
  });

  test("has a rule on the production listener and one on the test listener, by host and paths", () => {
    const rules = Object.values(resourcesOf(traffic, "aws_alb_listener_rule"));
    const conditionsOf = (priority: number) =>
      rules
        .filter((rule) => rule["priority"] === priority)
        .map(({ listener_arn, condition }) => [listener_arn, condition]);
    const listeners = ["${aws_alb_listener.listener.arn}", "${aws_alb_listener.test-listener.arn}"];
    expect(conditionsOf(40_010)).toEqual(
      listeners.map((listener) => [listener, [{ host_header: { values: ["web.example.com"] } }]]),
    );
    expect(conditionsOf(40_020)).toEqual(
      listeners.map((listener) => [
        listener,
        [{ host_header: { values: ["www.example.com"] } }, { path_pattern: { values: ["/api/*"] } }],
      ]),
    );
  });

  test("begins at blue, and its rules are left to deployments from then on", () => {
    const rules = Object.entries(resourcesOf(traffic, "aws_alb_listener_rule"));
    expect(rules).toHaveLength(4);
    for (const [id, rule] of rules) {
      expect(rule["lifecycle"]).toEqual({ ignore_changes: ["action"] });
      const blue = expect.stringContaining("blue-target-group");
      const weighted = [
        { arn: blue, weight: 1 },
        { arn: expect.stringContaining("green-target-group"), weight: 0 },
      ];
      expect(rule["action"]).toMatchObject([
        id.startsWith("service-web") ? { target_group_arn: blue } : { forward: { target_group: weighted } },
      ]);
    }
  });

  test("has alarms for errors, unhealthy targets and slow answers of each target group; no data rings none", () => {
    const alarms = byName(traffic, "aws_cloudwatch_metric_alarm", "alarm_name");
    expect(Object.keys(alarms)).toHaveLength(12);
    expect(alarms["live/web/green-errors"]).toMatchObject({
      metric_name: "HTTPCode_Target_5XX_Count",
      threshold: 10,
      dimensions: {
        TargetGroup: expect.stringMatching(/green-target-group.*\.arn_suffix/),
        LoadBalancer: "${aws_alb.load-balancer.arn_suffix}",
      },
    });
    expect(alarms["live/web/blue-unhealthy"]).toMatchObject({ metric_name: "UnHealthyHostCount" });
    expect(alarms["live/web/blue-slow"]).toMatchObject({ extended_statistic: "p95", threshold: 2 });
    for (const alarm of Object.values(alarms)) expect(alarm["treat_missing_data"]).toBe("notBreaching");
  });

  test("finds all of it in outputs of its name", () => {
    const names = Object.keys(traffic.output).filter((name) => name.startsWith("service-web-"));
    expect(names.toSorted()).toEqual([
      "service-web-alarm-names",
      "service-web-blue-target-group-arn",
      "service-web-blue-target-group-name",
      "service-web-green-target-group-arn",
      "service-web-green-target-group-name",
      "service-web-production-rule-arn",
      "service-web-test-rule-arn",
    ]);
    expect(Object.keys(pairOf("awsvpc").output)).not.toContain("service-web-test-rule-arn");
  });

  test("has names within ELB's 32 characters, all different, however long its own is", () => {
    const environment = "a-very-long-environment-name-123";
    const names = ["a_service_with_a_long_name", "a-service-with-a-long-name"].flatMap((service) =>
      Object.keys(byName(pairOf("awsvpc", environment, service), "aws_alb_target_group")),
    );
    const pairs = names.filter((name) => /-(blue|green)$/.test(name));
    expect(new Set(pairs).size).toBe(4);
    expect(pairs.every((name) => name.length <= 32 && /^[A-Za-z0-9][A-Za-z0-9-]*$/.test(name))).toBe(true);
  });
});

describe("the load balancer", () => {
  test("answers on its test port what production answers, but for services under test", () => {
    const { listener, "test-listener": testing } = resourcesOf(traffic, "aws_alb_listener");
    expect(testing).toMatchObject({ port: 8080, default_action: listener?.["default_action"] });
    expect(testing?.["lifecycle"]).toEqual({ ignore_changes: ["default_action"] });
    expect(Object.keys(traffic.output)).toContain("alb-external-test-listener-arn");
  });

  test("lets testers in from the blocks given, and clients to the listeners of staged services", () => {
    const doors = Object.values(resourcesOf(traffic, "aws_vpc_security_group_ingress_rule"))
      .filter((rule) => rule["cidr_ipv4"] !== undefined)
      .map((rule) => `${String(rule["cidr_ipv4"])} ${String(rule["from_port"])}-${String(rule["to_port"])}`);
    expect(doors.toSorted()).toEqual(["0.0.0.0/0 80-80", "0.0.0.0/0 81-81", "203.0.113.0/24 8080-8080"]);
  });
});
