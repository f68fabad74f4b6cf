/** The templates that come with the project, and a folder in the older layout, go all the way to the inputs. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, test } from "@jest/globals";

import type { ShapeName } from "../../scripts/core/aws-model/model.ts";
import type { FilledObject } from "../../scripts/core/aws-model/values.ts";
import { formatProblem } from "../../scripts/core/problem.ts";
import { resolveDeferred } from "../../scripts/core/template/deferred.ts";
import { checkTemplate, fillTemplate } from "../../scripts/core/template/fill-template.ts";
import {
  chooseServiceTemplate,
  chooseTaskDefinition,
  findServices,
  type ServiceTemplates,
} from "../../scripts/core/template/find-services.ts";
import type { Lookup } from "../../scripts/core/template/lookup.ts";
import { parseTemplate } from "../../scripts/core/template/parse-template.ts";
import { createServiceInput, updateServiceInput } from "../../scripts/core/template/service-inputs.ts";
import { placeholderToOutput } from "../../scripts/core/template/stack-outputs.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const arn = "arn:aws:ecs:eu-west-1:111122223333:task-definition/app:7";

/** What the stacks publish, with recognizable values. */
const outputs: Readonly<Record<string, string>> = Object.fromEntries(
  [
    "vpc-id",
    "private-subnet-ids",
    "alb-external-target-group-arn",
    "alb-external-ip-target-group-arn",
    "default-task-role-arn",
    "execution-role-arn",
    "cluster-name",
    "task-security-group-id",
    "log-group-name",
    "capacity-provider-name",
  ].map((name) => [name, name.endsWith("-ids") ? "subnet-1,subnet-2" : `the-${name}`]),
);
const runValues: Readonly<Record<string, string>> = {
  VERSION: "nginx:alpine",
  CONTAINER_VERSION: "nginx:alpine",
  AWS_REGION: "eu-west-1",
};

const lookup: Lookup = (placeholder) => {
  if (placeholder.kind === "parameter") return { kind: "missing", lookedIn: [] };
  if (placeholder.name === "TASKDEFINITION_ARN") return { kind: "deferred" };
  const value = runValues[placeholder.name] ?? outputs[placeholderToOutput(placeholder.name)];
  return value === undefined ? { kind: "missing", lookedIn: [placeholder.name] } : { kind: "value", value };
};

function load(folder: string, file: string, shape: ShapeName): FilledObject {
  const template = parseTemplate(file, readFileSync(path.join(root, folder, file), "utf8"));
  expect(checkTemplate(template, shape)).toEqual([]);
  const result = fillTemplate(template, shape, lookup);
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join("\n"));
  return result.document;
}

function servicesIn(folder: string): readonly ServiceTemplates[] {
  const listing = readdirSync(path.join(root, folder), { recursive: true }).map(String);
  const found = findServices(listing);
  return found.ok ? found.services : [];
}

/** Both inputs and the task definition of a service, as they would be sent. */
function inputsOf(folder: string, name: string) {
  const templates = servicesIn(folder).find((service) => service.name === name);
  if (templates === undefined) throw new Error(`${folder} has no service ${name}`);
  const service = (verb: "create" | "update") => {
    const choice = chooseServiceTemplate(templates, verb);
    if (!choice.ok) throw new Error(choice.message);
    const document = load(folder, choice.path, choice.shape);
    if (choice.shape !== "Service") return document;
    return verb === "create" ? createServiceInput(document) : updateServiceInput(document);
  };
  const taskDefinition = chooseTaskDefinition(templates);
  if (!taskDefinition.ok) throw new Error(taskDefinition.message);
  const values = { TASKDEFINITION_ARN: arn };
  return {
    register: resolveDeferred(load(folder, taskDefinition.path, "TaskDefinition"), values),
    create: resolveDeferred(service("create"), values),
    update: resolveDeferred(service("update"), values),
  };
}

describe("the example for EC2", () => {
  const { register, create, update } = inputsOf("templates", "nginx");

  test("registers a container whose host port is chosen on the host", () => {
    expect(register).toMatchObject({
      family: "nginx",
      networkMode: "bridge",
      containerDefinitions: [{ image: "nginx:alpine", portMappings: [{ containerPort: 80, hostPort: 0 }] }],
    });
  });

  test("creates the service in the cluster, behind the external load balancer", () => {
    expect(create).toMatchObject({
      cluster: "the-cluster-name",
      serviceName: "nginx",
      taskDefinition: arn,
      desiredCount: 2,
      loadBalancers: [{ targetGroupArn: "the-alb-external-target-group-arn", containerPort: 80 }],
    });
    expect(create).not.toHaveProperty("role");
  });

  test("updates the service by its name", () => {
    expect(update).toMatchObject({ service: "nginx", cluster: "the-cluster-name", taskDefinition: arn });
    expect(update).not.toHaveProperty("serviceName");
  });
});

describe("the example for Fargate", () => {
  const { register, create, update } = inputsOf("templates", "hello");

  test("registers a task with a network interface and a size of Fargate", () => {
    expect(register).toMatchObject({ networkMode: "awsvpc", cpu: "256", memory: "512" });
  });

  test("puts the tasks into the private subnets and the target group for addresses", () => {
    expect(create).toMatchObject({
      launchType: "FARGATE",
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: ["subnet-1", "subnet-2"],
          securityGroups: ["the-task-security-group-id"],
        },
      },
      loadBalancers: [{ targetGroupArn: "the-alb-external-ip-target-group-arn", containerPort: 8080 }],
    });
  });

  test("updates it without the launch type, which is fixed", () => {
    expect(update).toMatchObject({ service: "hello" });
    expect(update).not.toHaveProperty("launchType");
  });
});

test("a folder in the older layout gives the inputs that it always gave", () => {
  expect(inputsOf("__tests__/fixtures/templates/older-layout", "nginx")).toEqual({
    register: {
      family: "nginx",
      containerDefinitions: [
        {
          name: "nginx",
          image: "nginx:alpine",
          memory: 128,
          essential: true,
          portMappings: [{ containerPort: 80, hostPort: 0 }],
        },
      ],
    },
    create: {
      cluster: "test",
      serviceName: "nginx",
      taskDefinition: arn,
      loadBalancers: [
        { targetGroupArn: "the-alb-external-target-group-arn", containerName: "nginx", containerPort: 80 },
      ],
      desiredCount: 2,
      role: "/ecs/test_ecs_lb_role",
      deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 100 },
    },
    update: {
      cluster: "test",
      service: "nginx",
      taskDefinition: arn,
      desiredCount: 2,
      deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 100 },
    },
  });
});
