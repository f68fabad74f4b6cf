import { describe, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { onlyResource, resourcesOf, stackOf, synthesize } from "../helpers/terraform-synthesis.ts";

const fixture = fileURLToPath(new URL("../fixtures/environments/blue-green.jsonc", import.meta.url));
const stacks = synthesize(readFileSync(fixture, "utf8"));

describe("an environment that shares another's network", () => {
  const network = stackOf(stacks, "preview-network");
  const shared = stackOf(stacks, "preview-load-balancer-external");

  test("has no VPC and no load balancer, and security groups of its own", () => {
    expect(Object.keys(network.resource).toSorted()).toEqual([
      "aws_security_group",
      "aws_ssm_parameter",
      "aws_vpc_security_group_egress_rule",
    ]);
    expect(resourcesOf(shared, "aws_alb")).toEqual({});
    expect(resourcesOf(shared, "aws_alb_listener")).toEqual({});
  });

  test("opens its services' ports on both sides of the shared load balancer", () => {
    const opened = onlyResource(shared, "aws_vpc_security_group_egress_rule");
    const door = onlyResource(shared, "aws_vpc_security_group_ingress_rule");
    expect(opened).toMatchObject({ from_port: 8090, to_port: 8090 });
    expect(opened["security_group_id"]).toEqual(door["referenced_security_group_id"]);
    expect(String(opened["referenced_security_group_id"])).toContain("preview-network");
  });

  test("publishes what deployments need, but no target group that gets the other's requests", () => {
    const names = [...Object.keys(network.output), ...Object.keys(shared.output)];
    expect(names).toEqual(
      expect.arrayContaining([
        "vpc-id",
        "private-subnet-ids",
        "task-security-group-id",
        "alb-external-arn",
        "alb-external-dns-name",
        "alb-external-listener-arn",
        "alb-external-test-listener-arn",
        "service-api-production-rule-arn",
      ]),
    );
    expect(names).not.toContain("alb-external-target-group-arn");
    const parameters = Object.values(resourcesOf(shared, "aws_ssm_parameter"));
    expect(parameters.every(({ name }) => String(name).startsWith("/slipway/preview/"))).toBe(true);
  });

  test("changes no resource of the other", () => {
    const text = readFileSync(fixture, "utf8");
    const alone = synthesize(text.replace(/"preview": \{[\s\S]*\},\n {2}\},\n\}/, "},\n}"));
    expect(Object.keys(alone).filter((name) => name.startsWith("preview"))).toEqual([]);
    for (const [name, stack] of Object.entries(alone).filter(([name]) => name.startsWith("live"))) {
      expect(stackOf(stacks, name).resource).toEqual(stack.resource);
    }
  });
});
