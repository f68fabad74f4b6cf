import { describe, expect, test } from "@jest/globals";
import { onlyResource, resourcesOf, stackOf, synthesize } from "../helpers/terraform-synthesis.ts";
import type { Block } from "../helpers/terraform-synthesis.ts";

const hosts = { instanceType: "m7i.large", min: 0, desired: 0, max: 4 };

function groupOf(ec2: object, services: object = {}): { group: Block; target: unknown } {
  const network = { cidr: "10.1.0.0/16", zones: 2 };
  const dev = { region: "eu-west-1", network, cluster: { ec2: { ...hosts, ...ec2 } }, services };
  const stack = stackOf(synthesize(JSON.stringify({ environments: { dev } })), "dev-cluster");
  const provider = onlyResource(stack, "aws_ecs_capacity_provider")["auto_scaling_group_provider"];
  const { managed_scaling } = provider as { managed_scaling: { target_capacity: number } };
  return { group: onlyResource(stack, "aws_autoscaling_group"), target: managed_scaling.target_capacity };
}

describe("hosts whose launch template is new", () => {
  test("are replaced after new ones have come, protected ones too, and taken back if the new image does not start", () => {
    expect(groupOf({ terminationProtection: true }).group["instance_refresh"]).toEqual({
      strategy: "Rolling",
      preferences: {
        min_healthy_percentage: 100,
        max_healthy_percentage: 110,
        skip_matching: true,
        scale_in_protected_instances: "Refresh",
        auto_rollback: true,
      },
    });
  });

  test("are left to time where the environment says so", () => {
    expect(groupOf({ refresh: false }).group).not.toHaveProperty("instance_refresh");
  });
});

describe("hosts of several types", () => {
  test("are On-Demand, of the first type that is to be had, unless Spot is asked for", () => {
    const { group } = groupOf({ otherInstanceTypes: ["m6i.large"] });
    expect(group).not.toHaveProperty("launch_template");
    expect(group).not.toHaveProperty("capacity_rebalance");
    expect(group["mixed_instances_policy"]).toMatchObject({
      launch_template: { override: [{ instance_type: "m7i.large" }, { instance_type: "m6i.large" }] },
      instances_distribution: {
        on_demand_allocation_strategy: "prioritized",
        on_demand_base_capacity: 0,
        on_demand_percentage_above_base_capacity: 100,
      },
    });
  });

  test("are Spot beyond the base, from the pools that last longest, and replaced before they are taken away", () => {
    const { group } = groupOf({ otherInstanceTypes: ["m6i.large"], spot: { onDemandBase: 1 } });
    expect(group["capacity_rebalance"]).toBe(true);
    expect(group["mixed_instances_policy"]).toMatchObject({
      instances_distribution: {
        on_demand_base_capacity: 1,
        on_demand_percentage_above_base_capacity: 0,
        spot_allocation_strategy: "price-capacity-optimized",
      },
    });
  });

  test("keep their address in Terraform when they become mixed", () => {
    const ids = (ec2: object) => {
      const network = { cidr: "10.1.0.0/16", zones: 2 };
      const dev = { region: "eu-west-1", network, cluster: { ec2: { ...hosts, ...ec2 } } };
      const stack = stackOf(synthesize(JSON.stringify({ environments: { dev } })), "dev-cluster");
      return Object.keys(resourcesOf(stack, "aws_autoscaling_group"));
    };
    expect(ids({ spot: {} })).toEqual(ids({}));
  });
});

describe("managed scaling", () => {
  const fixed = { web: { containerPort: 80, networkMode: "host" } };

  test("fills the hosts where ECS chooses the ports", () => {
    const services = { web: { containerPort: 80, networkMode: "bridge" } };
    expect(groupOf({}, services).target).toBe(100);
  });

  test("keeps a host more than there are tasks where a service's port is fixed, for every number up to the last", () => {
    for (const max of [2, 3, 4, 7, 10, 50]) {
      const target = Number(groupOf({ max }, fixed).target);
      for (let tasks = 1; tasks < max; tasks += 1) {
        // As managed scaling reckons: hosts needed, divided by the target.
        expect(Math.ceil((tasks * 100) / target)).toBeGreaterThan(tasks);
      }
    }
  });

  test("goes by what the environment says, also then", () => {
    expect(groupOf({ targetCapacityPercent: 100, max: 1 }, fixed).target).toBe(100);
    expect(groupOf({ targetCapacityPercent: 80 }).target).toBe(80);
  });
});
