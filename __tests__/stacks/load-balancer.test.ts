import { describe, expect, test } from "@jest/globals";
import {
  onlyResource,
  resourcesOf,
  shippedEnvironments,
  stackOf,
  synthesize,
} from "../helpers/terraform-synthesis.ts";
import type { Block } from "../helpers/terraform-synthesis.ts";

const shipped = synthesize(shippedEnvironments());
const variants = ["external", "internal"] as const;

/** One environment whose external load balancer has these settings. */
function externalOf(
  loadBalancer: Record<string, unknown>,
  environment: Record<string, unknown> = {},
  name = "dev",
) {
  const written = {
    region: "eu-west-1",
    network: { cidr: "10.1.0.0/16", zones: 2 },
    loadBalancers: { external: loadBalancer },
    cluster: { ec2: null },
    ...environment,
  };
  return stackOf(
    synthesize(JSON.stringify({ environments: { [name]: written } })),
    `${name}-load-balancer-external`,
  );
}

function portsOf(rules: Readonly<Record<string, Block>>): string[] {
  return Object.values(rules)
    .map((rule) => `${String(rule["from_port"])}-${String(rule["to_port"])}`)
    .toSorted();
}

describe.each(variants)("the %s load balancer", (variant) => {
  const stack = stackOf(shipped, `test-load-balancer-${variant}`);

  test("drops invalid headers and defends against request smuggling", () => {
    expect(onlyResource(stack, "aws_alb")).toMatchObject({
      drop_invalid_header_fields: true,
      desync_mitigation_mode: "defensive",
    });
  });

  test("has a target group for tasks on hosts and one for tasks with an address, each with a health check", () => {
    const groups = Object.values(resourcesOf(stack, "aws_alb_target_group"));
    expect(groups).toMatchObject([
      { target_type: "instance", name: `test-${variant}-instance`, health_check: { path: "/" } },
      { target_type: "ip", name: `test-${variant}-ip`, health_check: { path: "/health" } },
    ]);
    expect(groups.every((group) => group["deregistration_delay"] === "30")).toBe(true);
  });

  test("leaves the action of its listener and rules to deployments", () => {
    expect(onlyResource(stack, "aws_alb_listener")["lifecycle"]).toEqual({
      ignore_changes: ["default_action"],
    });
    expect(onlyResource(stack, "aws_alb_listener_rule")["lifecycle"]).toEqual({ ignore_changes: ["action"] });
  });

  test("reaches hosts on ephemeral ports and tasks on their container's port, and nothing else", () => {
    const expected = ["32768-65535", "8080-8080"];
    expect(portsOf(resourcesOf(stack, "aws_vpc_security_group_egress_rule"))).toEqual(expected);
    expect(portsOf(resourcesOf(stack, "aws_vpc_security_group_ingress_rule"))).toEqual(
      [...expected, "80-80"].toSorted(),
    );
  });

  test("opens hosts and tasks to its own security group, never to addresses", () => {
    const { "from-clients": clients, ...targets } = resourcesOf(stack, "aws_vpc_security_group_ingress_rule");
    expect(clients?.["cidr_ipv4"]).toBe(variant === "external" ? "0.0.0.0/0" : "10.0.0.0/16");
    const own = "${aws_security_group.security-group.id}";
    expect(Object.values(targets).map((rule) => rule["referenced_security_group_id"])).toEqual([own, own]);
  });

  test("every rule of a security group says what it is for", () => {
    const rules = ["aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"].flatMap(
      (type) => Object.values(resourcesOf(stack, type)),
    );
    expect(rules.every((rule) => typeof rule["description"] === "string" && rule["description"] !== "")).toBe(
      true,
    );
  });

  test("publishes what templates name", () => {
    const prefix = `alb-${variant}-`;
    const names = [
      "arn",
      "dns-name",
      "zone-id",
      "security-group-id",
      "listener-arn",
      "target-group-arn",
      "ip-target-group-arn",
    ];
    expect(Object.keys(stack.output)).toEqual(
      expect.arrayContaining(names.map((name) => `${prefix}${name}`)),
    );
  });
});

test("the external one faces the internet from the public subnets, the internal one sits in the private ones", () => {
  const [external, internal] = variants.map((variant) =>
    onlyResource(stackOf(shipped, `test-load-balancer-${variant}`), "aws_alb"),
  );
  expect(external).toMatchObject({
    internal: false,
    subnets: expect.arrayContaining([expect.stringContaining("public")]),
  });
  expect(internal).toMatchObject({
    internal: true,
    subnets: expect.arrayContaining([expect.stringContaining("private")]),
  });
});

test("requests for /hello go to tasks with an address, all others to tasks on hosts", () => {
  const stack = stackOf(shipped, "test-load-balancer-external");
  expect(onlyResource(stack, "aws_alb_listener_rule")).toMatchObject({
    priority: 40_010,
    condition: [{ path_pattern: { values: ["/hello*"] } }],
    action: [{ target_group_arn: "${aws_alb_target_group.target-group-ip.arn}" }],
  });
  expect(onlyResource(stack, "aws_alb_listener")["default_action"]).toMatchObject([
    { target_group_arn: "${aws_alb_target_group.target-group-instance.arn}" },
  ]);
});

test("a rule with hosts and paths asks for both", () => {
  const rule = { priority: 41_000, hosts: ["a.example.com"], paths: ["/x"], targetGroup: "instance" };
  const { condition } = onlyResource(externalOf({ rules: [rule] }), "aws_alb_listener_rule");
  expect(condition).toEqual([
    { host_header: { values: ["a.example.com"] } },
    { path_pattern: { values: ["/x"] } },
  ]);
});

test("long environment names still give load balancer and target group names of at most 32 characters, all different", () => {
  const stack = externalOf({}, {}, "a-very-long-environment-name-123");
  const names = ["aws_alb", "aws_alb_target_group"].flatMap((type) =>
    Object.values(resourcesOf(stack, type)).map((block) => String(block["name"])),
  );
  expect(names.every((name) => name.length <= 32 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])$/.test(name))).toBe(true);
  expect(new Set(names).size).toBe(3);
});

test("without hosts and awsvpc services nothing but the listener's port is open", () => {
  const stack = externalOf({ listenerPort: 8000 });
  expect(portsOf(resourcesOf(stack, "aws_vpc_security_group_ingress_rule"))).toEqual(["8000-8000"]);
  expect(resourcesOf(stack, "aws_vpc_security_group_egress_rule")).toEqual({});
});

test("fixed ports on hosts are opened beside the ephemeral ones", () => {
  const services = {
    web: { containerPort: 80, networkMode: "bridge", hostPort: 8081 },
    agent: { containerPort: 9000, networkMode: "host" },
  };
  const ec2 = { instanceType: "t3.small", min: 0, desired: 0, max: 2 };
  const stack = externalOf({}, { services, cluster: { ec2 } });
  expect(portsOf(resourcesOf(stack, "aws_vpc_security_group_egress_rule"))).toEqual([
    "32768-65535",
    "8081-8081",
    "9000-9000",
  ]);
});
