import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster/index.js";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service/index.js";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition/index.js";
import type { EcsTaskDefinitionConfig } from "@cdktf/provider-aws/lib/ecs-task-definition/index.js";
import { EcsTaskSet } from "@cdktf/provider-aws/lib/ecs-task-set/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { Fn } from "cdktf";
import type { Build, RuleCase } from "../../../helpers/hardening.ts";

const cluster =
  (value?: string): Build =>
  (stack) => {
    const setting = value === undefined ? {} : { setting: [{ name: "containerInsights", value }] };
    new EcsCluster(stack, "cluster", { name: "test", ...setting });
  };

const task =
  (config: Partial<EcsTaskDefinitionConfig>): Build =>
  (stack) => {
    new EcsTaskDefinition(stack, "task", { family: "web", containerDefinitions: "[]", ...config });
  };

const containers = (...list: object[]): Build => task({ containerDefinitions: JSON.stringify(list) });

const service =
  (assignPublicIp?: boolean): Build =>
  (stack) => {
    const address = assignPublicIp === undefined ? {} : { assignPublicIp };
    new EcsService(stack, "service", {
      name: "web",
      networkConfiguration: { subnets: ["subnet-1"], ...address },
    });
  };

const arn = (name: string): string => `arn:aws:iam::123456789012:role/ecs/${name}`;

export const ecsCases = {
  CKV_AWS_65: {
    refused: [
      {
        what: "a cluster that says nothing",
        build: cluster(),
        found: "setting containerInsights is not set",
      },
      { what: "no insights", build: cluster("disabled"), found: 'setting containerInsights is "disabled"' },
    ],
    taken: [
      { what: "insights", build: cluster("enabled") },
      { what: "enhanced insights", build: cluster("enhanced") },
    ],
  },
  CKV_AWS_249: {
    refused: [
      {
        what: "one role for both",
        build: task({ taskRoleArn: arn("web"), executionRoleArn: arn("web") }),
        found: "task_role_arn and execution_role_arn are both",
      },
      {
        what: "one role that is written in two ways",
        build: (stack) => {
          const { arn: executionRoleArn } = new IamRole(stack, "role", {
            name: "web",
            assumeRolePolicy: "{}",
          });
          task({ taskRoleArn: arn("web"), executionRoleArn })(stack);
        },
        found: "task_role_arn and execution_role_arn are both",
      },
    ],
    taken: [
      { what: "two roles", build: task({ taskRoleArn: arn("web"), executionRoleArn: arn("execution") }) },
      { what: "no role of its own", build: task({ executionRoleArn: arn("execution") }) },
    ],
  },
  CKV_AWS_334: {
    refused: [
      {
        what: "a privileged container beside another",
        build: containers({ name: "web" }, { name: "agent", privileged: true }),
        found: "container agent: privileged is true",
      },
      {
        what: "containers that only Terraform knows",
        build: task({ containerDefinitions: Fn.jsonencode([{ name: "web" }]) }),
        found: "container_definitions cannot be read before Terraform runs",
      },
    ],
    taken: [{ what: "others", build: containers({ name: "web" }, { name: "agent", privileged: false }) }],
  },
  CKV_AWS_336: {
    refused: [
      {
        what: "a container that can write",
        build: containers({ name: "web", readonlyRootFilesystem: true }, { name: "agent" }),
        found: "container agent: readonlyRootFilesystem is not set",
      },
    ],
    taken: [
      { what: "others", build: containers({ name: "web", readonlyRootFilesystem: true }) },
      {
        what: "others with an image of the stack",
        build: (stack) => {
          const role = new IamRole(stack, "role", { assumeRolePolicy: "{}" });
          containers({ name: "web", image: `${role.arn}:1`, readonlyRootFilesystem: true })(stack);
        },
      },
    ],
  },
  CKV_AWS_333: {
    refused: [
      { what: "a public address", build: service(true), found: "assign_public_ip is true" },
      {
        what: "a public address of a task set",
        build: (stack) =>
          new EcsTaskSet(stack, "set", {
            cluster: "test",
            service: "web",
            taskDefinition: "web:1",
            networkConfiguration: { subnets: ["subnet-1"], assignPublicIp: true },
          }),
        found: "assign_public_ip is true",
      },
    ],
    taken: [
      { what: "a private address", build: service(false) },
      { what: "the default", build: service() },
    ],
  },
} satisfies Record<string, RuleCase>;
