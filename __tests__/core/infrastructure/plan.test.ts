import { describe, expect, test } from "@jest/globals";

import { analysePlan, isFlagged } from "../../../scripts/core/infrastructure/plan/analyse.ts";
import type { ResourceChange, StackPlan } from "../../../scripts/core/infrastructure/plan/analyse.ts";
import { guardedTypes, guardOf } from "../../../scripts/core/infrastructure/plan/guarded-types.ts";
import type { PlanJson } from "../../../scripts/core/infrastructure/plan/plan-json.ts";
import { planText } from "../../../scripts/terminal/infrastructure/plan-text.ts";
import { recordedPlan } from "../../helpers/recorded-plan.ts";

function changeOf(plan: StackPlan, address: string): ResourceChange {
  const found = plan.changes.find((change) => change.address === address);
  if (found === undefined) throw new Error(`${address} does not change.`);
  return found;
}

describe("a VPC with other addresses", () => {
  const plan = analysePlan("test-network", recordedPlan("changed-cidr"));

  test("its replacement is flagged, with the argument that forces it", () => {
    const vpc = changeOf(plan, "aws_vpc.vpc");
    expect(vpc.action).toBe("replace");
    expect(vpc.guard?.kind).toBe("traffic");
    expect(vpc.attributes).toEqual([{ name: "cidr_block", before: '"10.0.0.0/16"', after: '"10.9.0.0/16"' }]);
    expect(isFlagged([plan])).toBe(true);
  });

  test("what hangs on it is flagged as well, with what it waits for", () => {
    const gateway = changeOf(plan, "aws_nat_gateway.zone-0_nat-gateway_C10F9268");
    expect(gateway.guard?.why).toContain("image pulls");
    expect(gateway.attributes).toEqual([
      { name: "subnet_id", before: expect.stringMatching(/^"subnet-/), after: "(known after apply)" },
    ]);
  });

  test("a log group that keeps its lines longer is changed in place and not flagged", () => {
    const group = changeOf(plan, "aws_cloudwatch_log_group.flow-log-group");
    expect(group).toMatchObject({
      action: "update",
      attributes: [{ name: "retention_in_days", before: "14", after: "30" }],
    });
    expect(group.guard).toBeUndefined();
  });

  test("a security group's rule that is made anew is not flagged: only its end would shut somebody out", () => {
    const rule = changeOf(plan, "aws_vpc_security_group_egress_rule.hosts-to-anywhere");
    expect(rule.action).toBe("replace");
    expect(rule.guard).toBeUndefined();
    expect(guardOf(rule.type, "destroy")?.kind).toBe("traffic");
  });

  test("a value that the provider calls sensitive is never told", () => {
    const parameter = changeOf(plan, "aws_ssm_parameter.parameter-vpc-cidr");
    const value = parameter.attributes.find(({ name }) => name === "value");
    expect(value?.before).toBe("(sensitive)");
    expect(parameter.attributes.find(({ name }) => name === "insecure_value")?.after).toBe('"10.9.0.0/16"');
  });

  test("the text tells the attribute, the reason and the end of it", () => {
    const text = planText([plan]);
    expect(text).toMatch(/replace {3}aws_vpc\.vpc {2}.*TRAFFIC/);
    expect(text).toContain('cidr_block forces it: "10.0.0.0/16" → "10.9.0.0/16"');
    expect(text).toContain(guardedTypes["aws_vpc"]?.why);
    expect(text).toMatch(/resources flagged: look at each before you apply/);
  });
});

test("a neighbour's replacement shows up in a stack that would otherwise not change", () => {
  const plan = analysePlan("test-load-balancer-external", recordedPlan("knock-on"));
  expect(changeOf(plan, "aws_alb_target_group.target-group-ip")).toMatchObject({
    action: "replace",
    attributes: [{ name: "vpc_id", after: "(known after apply)" }],
    guard: { kind: "traffic" },
  });
  // What stands in for the neighbour's new values is none of the stack's resources.
  expect(plan.changes.filter(({ address }) => address.startsWith("terraform_data"))).toEqual([]);
});

describe("a launch template with larger disks", () => {
  const plan = analysePlan("test-cluster", recordedPlan("larger-disks"));
  const group = "aws_autoscaling_group.instance-group-default_hosts_C01DD568";

  test("the one part of an argument that changes is told with the way to it", () => {
    const template = changeOf(plan, "aws_launch_template.instance-group-default_launch-template_2753D1A2");
    expect(template.attributes).toContainEqual({
      name: "block_device_mappings.0.ebs.0.volume_size",
      before: "60",
      after: "90",
    });
  });

  test("that the hosts are going to be replaced is told where they are", () => {
    expect(planText([plan])).toContain("Its hosts are replaced by an instance refresh");
    expect(isFlagged([plan])).toBe(false);
  });

  test("without an instance refresh hosts stay, and a change of the group's size touches none", () => {
    const recorded = recordedPlan("larger-disks");
    const changed = (after: Record<string, unknown>) => ({
      ...recorded,
      resource_changes: recorded.resource_changes.map((resource) => {
        const before = resource.change.before as object;
        const change = { ...resource.change, after: { ...before, ...after }, after_unknown: {} };
        return resource.address === group ? { ...resource, change } : resource;
      }),
    });
    const consequence = (after: Record<string, unknown>) =>
      changeOf(analysePlan("test-cluster", changed(after)), group).consequence;
    expect(consequence({ launch_template: [], instance_refresh: [] })).toContain("stay as they are");
    expect(consequence({ max_size: 9 })).toBeUndefined();
  });
});

describe("a renamed construct", () => {
  const plan = analysePlan("test-load-balancer-external", recordedPlan("renamed"));

  test("is told from a new one, and comes with the command that keeps what is there", () => {
    expect(changeOf(plan, "aws_alb_target_group.target-group-ip").guard?.kind).toBe("traffic");
    expect(plan.moves).toEqual([
      { from: "aws_alb_target_group.target-group-ip", to: "aws_alb_target_group.awsvpc-targets" },
    ]);
    expect(planText([plan])).toContain(
      "terraform -chdir=cdktf.out/stacks/test-load-balancer-external state mv " +
        "aws_alb_target_group.target-group-ip aws_alb_target_group.awsvpc-targets",
    );
  });
});

test("something of the same type that is given other arguments is no rename", () => {
  const moved = recordedPlan("renamed");
  const other: PlanJson = {
    ...moved,
    resource_changes: moved.resource_changes.map((resource) =>
      resource.change.actions.join() === "create"
        ? {
            ...resource,
            change: { ...resource.change, after: { name: "other", port: 443, protocol: "HTTPS" } },
          }
        : resource,
    ),
  };
  expect(analysePlan("s", other).moves).toEqual([]);
});

test("a move that a moved block makes is told and not flagged", () => {
  const [resource] = recordedPlan("renamed").resource_changes;
  if (resource === undefined) throw new Error("The recorded plan is empty.");
  const moved = { ...resource, previous_address: "aws_alb_target_group.old" };
  const plan = analysePlan("s", {
    ...recordedPlan("renamed"),
    resource_changes: [{ ...moved, change: { ...moved.change, actions: ["no-op"] } }],
  });
  expect(plan.changes).toMatchObject([{ action: "move", movedFrom: "aws_alb_target_group.old" }]);
  expect(isFlagged([plan])).toBe(false);
});

test("a plan that changes nothing says so", () => {
  const plan = analysePlan("test-roles", { ...recordedPlan("renamed"), resource_changes: [] });
  expect(planText([plan])).toBe("test-roles: nothing to do.\n\nNothing to do.\n");
  expect(isFlagged([plan])).toBe(false);
});

test("every guarded type says why in a sentence", () => {
  for (const { why } of Object.values(guardedTypes)) expect(why).toMatch(/^[A-Z].*\.$/);
});
