import { describe, expect, test } from "@jest/globals";
import {
  onlyResource,
  resourcesOf,
  shippedEnvironments,
  stackOf,
  synthesize,
} from "../helpers/terraform-synthesis.ts";
import type { SynthesizedStack } from "../helpers/terraform-synthesis.ts";

const shipped = stackOf(synthesize(shippedEnvironments()), "test-cluster");
const hosts = { instanceType: "t3.small", min: 0, desired: 0, max: 2 };

function clusterOf(cluster: Record<string, unknown>): SynthesizedStack {
  const environment = { region: "eu-west-1", network: { cidr: "10.1.0.0/16", zones: 2 }, cluster };
  return stackOf(synthesize(JSON.stringify({ environments: { dev: environment } })), "dev-cluster");
}

describe("the cluster", () => {
  test("carries the environment's name and has container insights", () => {
    expect(onlyResource(shipped, "aws_ecs_cluster")).toMatchObject({
      name: "test",
      setting: [{ name: "containerInsights", value: "enabled" }],
    });
  });

  test("keeps its logs, and those of container insights and of sessions, for a set time", () => {
    const groups = Object.values(resourcesOf(shipped, "aws_cloudwatch_log_group"));
    expect(groups.map((group) => [group["name"], group["retention_in_days"]]).toSorted()).toEqual([
      ["/aws/ecs/containerinsights/test/performance", 14],
      ["/ecs-exec/test", 90],
      ["/ecs/test", 14],
    ]);
  });

  test("offers Fargate, Fargate Spot and the hosts, and places on the hosts by default", () => {
    const hosts = expect.stringContaining("capacity-provider");
    expect(onlyResource(shipped, "aws_ecs_cluster_capacity_providers")).toMatchObject({
      capacity_providers: ["FARGATE", "FARGATE_SPOT", hosts],
      default_capacity_provider_strategy: [{ capacity_provider: hosts, weight: 1 }],
    });
  });

  test("places on Fargate by default where there are no hosts", () => {
    expect(onlyResource(clusterOf({ ec2: null }), "aws_ecs_cluster_capacity_providers")).toMatchObject({
      default_capacity_provider_strategy: [{ capacity_provider: "FARGATE", weight: 1 }],
    });
  });

  test("splits tasks between Fargate and Fargate Spot as the environment says", () => {
    const defaultStrategy = { fargate: { weight: 1, base: 2 }, fargateSpot: { weight: 3 } };
    expect(
      onlyResource(clusterOf({ ec2: null, defaultStrategy }), "aws_ecs_cluster_capacity_providers"),
    ).toMatchObject({
      default_capacity_provider_strategy: [
        { capacity_provider: "FARGATE", weight: 1, base: 2 },
        { capacity_provider: "FARGATE_SPOT", weight: 3, base: 0 },
      ],
    });
  });

  test("of Fargate alone has no hosts, no role for them and no output that would name them", () => {
    const stack = clusterOf({ ec2: null });
    expect(resourcesOf(stack, "aws_autoscaling_group")).toEqual({});
    expect(resourcesOf(stack, "aws_iam_role")).toEqual({});
    expect(stack.output).not.toHaveProperty("capacity-provider-name");
  });
});

describe("the hosts", () => {
  test("answer metadata requests with a token only, and not from containers", () => {
    expect(onlyResource(shipped, "aws_launch_template")["metadata_options"]).toEqual({
      http_endpoint: "enabled",
      http_tokens: "required",
      http_put_response_hop_limit: 1,
    });
  });

  test("have an encrypted disk", () => {
    expect(onlyResource(shipped, "aws_launch_template")["block_device_mappings"]).toMatchObject([
      { ebs: { encrypted: "true", volume_type: "gp3" } },
    ]);
  });

  test("join the cluster with the image that AWS recommends for their processor", () => {
    const image = (stack: SynthesizedStack): unknown =>
      Object.values(stack.data["aws_ssm_parameter"] ?? {}).map((parameter) => parameter["name"]);
    expect(image(shipped)).toEqual(["/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"]);
    expect(image(clusterOf({ ec2: { ...hosts, instanceType: "t4g.small", architecture: "arm64" } }))).toEqual(
      ["/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id"],
    );
    expect(onlyResource(shipped, "aws_launch_template")["user_data"]).toContain("ECS_CLUSTER=test");
  });

  test("a desired count of 0 reaches Terraform as 0", () => {
    expect(onlyResource(clusterOf({ ec2: hosts }), "aws_autoscaling_group")).toMatchObject({
      desired_capacity: 0,
      min_size: 0,
    });
  });

  test("their number is left to managed scaling", () => {
    expect(onlyResource(shipped, "aws_autoscaling_group")["lifecycle"]).toMatchObject({
      ignore_changes: ["desired_capacity"],
    });
    expect(onlyResource(shipped, "aws_ecs_capacity_provider")["auto_scaling_group_provider"]).toMatchObject({
      managed_scaling: { status: "ENABLED" },
      managed_termination_protection: "DISABLED",
    });
  });

  test("can be destroyed at once unless they are protected, and then not behind the tasks' back", () => {
    expect(onlyResource(shipped, "aws_autoscaling_group")).toMatchObject({
      force_delete: true,
      protect_from_scale_in: false,
    });
    const stack = clusterOf({ ec2: { ...hosts, terminationProtection: true } });
    expect(onlyResource(stack, "aws_autoscaling_group")).toMatchObject({
      force_delete: false,
      protect_from_scale_in: true,
    });
    expect(onlyResource(stack, "aws_ecs_capacity_provider")["auto_scaling_group_provider"]).toMatchObject({
      managed_termination_protection: "ENABLED",
    });
  });

  test("have a role outside the path that deployers may pass, which joins clusters and lets Session Manager in", () => {
    expect(onlyResource(shipped, "aws_iam_role")["path"]).toBe("/ecs-hosts/");
    const attached = Object.values(resourcesOf(shipped, "aws_iam_role_policy_attachment"));
    expect(attached.map((attachment) => attachment["policy_arn"])).toEqual([
      expect.stringMatching(/service-role\/AmazonEC2ContainerServiceforEC2Role$/),
      expect.stringMatching(/AmazonSSMManagedInstanceCore$/),
    ]);
  });

  test("of an extra group come beside the default ones, with a capacity provider of their own", () => {
    const stack = clusterOf({
      ec2: hosts,
      extraInstanceGroups: { batch: { ...hosts, instanceType: "c7i.large" } },
    });
    const providers = Object.values(resourcesOf(stack, "aws_ecs_capacity_provider"));
    expect(providers.map((provider) => provider["name"]).toSorted()).toEqual(["dev_batch", "dev_default"]);
    expect(Object.keys(resourcesOf(stack, "aws_iam_role"))).toHaveLength(1);
    expect(stack.output["capacity-provider-name"]?.["value"]).toContain("instance-group-default");
  });
});
