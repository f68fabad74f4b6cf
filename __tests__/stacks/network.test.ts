import { describe, expect, test } from "@jest/globals";
import { onlyResource, resourcesOf, stackOf, synthesize } from "../helpers/terraform-synthesis.ts";
import type { SynthesizedStack } from "../helpers/terraform-synthesis.ts";

function networkOf(network: Record<string, unknown>): SynthesizedStack {
  const environment = {
    region: "eu-west-1",
    network: { cidr: "10.1.0.0/16", zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"], ...network },
    cluster: { ec2: null },
  };
  return stackOf(synthesize(JSON.stringify({ environments: { dev: environment } })), "dev-network");
}

describe("the network", () => {
  test("has a public and a private subnet in each zone, none of which gives out public addresses", () => {
    const subnets = Object.values(resourcesOf(networkOf({}), "aws_subnet"));
    expect(subnets.map((subnet) => subnet["availability_zone"]).toSorted()).toEqual(
      ["a", "a", "b", "b", "c", "c"].map((letter) => `eu-west-1${letter}`),
    );
    expect(subnets.every((subnet) => subnet["map_public_ip_on_launch"] === false)).toBe(true);
    expect(new Set(subnets.map((subnet) => subnet["cidr_block"])).size).toBe(6);
  });

  test("one NAT gateway serves every zone's private routes", () => {
    const stack = networkOf({ nat: "one" });
    const gateways = Object.keys(resourcesOf(stack, "aws_nat_gateway"));
    expect(gateways).toHaveLength(1);
    const targets = Object.values(resourcesOf(stack, "aws_route")).flatMap(
      (route) => route["nat_gateway_id"] ?? [],
    );
    expect(targets).toEqual(Array.from({ length: 3 }, () => `\${aws_nat_gateway.${gateways[0] ?? ""}.id}`));
  });

  test("a NAT gateway a zone serves that zone's private routes alone", () => {
    const stack = networkOf({ nat: "per-zone" });
    const targets = Object.values(resourcesOf(stack, "aws_route")).flatMap(
      (route) => route["nat_gateway_id"] ?? [],
    );
    expect(new Set(targets).size).toBe(3);
    expect(Object.keys(resourcesOf(stack, "aws_eip"))).toHaveLength(3);
  });

  test("zones by count are those of the region that need no opt-in", () => {
    const stack = networkOf({ zones: 2 });
    expect(stack.data["aws_availability_zones"]?.["zones"]).toMatchObject({
      filter: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
    });
    expect(Object.keys(resourcesOf(stack, "aws_subnet"))).toHaveLength(4);
  });

  test("the default security group is taken over and has no rules", () => {
    const group = onlyResource(networkOf({}), "aws_default_security_group");
    expect(group).not.toHaveProperty("ingress");
    expect(group).not.toHaveProperty("egress");
  });

  test("hosts and tasks may call out and are reachable by nothing until a load balancer opens them", () => {
    const stack = networkOf({});
    expect(Object.keys(resourcesOf(stack, "aws_security_group"))).toHaveLength(2);
    expect(resourcesOf(stack, "aws_vpc_security_group_ingress_rule")).toEqual({});
    const groups = Object.values(resourcesOf(stack, "aws_security_group"));
    expect(groups.some((group) => "ingress" in group || "egress" in group)).toBe(false);
  });

  test("all traffic is logged, for as long as the environment says", () => {
    const stack = networkOf({ flowLogs: { retentionDays: 90 } });
    expect(onlyResource(stack, "aws_flow_log")).toMatchObject({ traffic_type: "ALL" });
    expect(onlyResource(stack, "aws_cloudwatch_log_group")).toMatchObject({ retention_in_days: 90 });
  });

  test("without flow logs there is neither log group nor role", () => {
    const stack = networkOf({ flowLogs: false });
    expect(resourcesOf(stack, "aws_flow_log")).toEqual({});
    expect(resourcesOf(stack, "aws_iam_role")).toEqual({});
  });
});
