import { describe, expect, test } from "@jest/globals";

import { validateAgainst } from "../../scripts/core/aws-model/validate.ts";
import { DeferredText, type FilledObject } from "../../scripts/core/aws-model/values.ts";
import { lines } from "../helpers/violation-lines.ts";

const web: FilledObject = { name: "web", image: "nginx:alpine", memory: 64 };
function task(fields: FilledObject): readonly string[] {
  return lines(validateAgainst("TaskDefinition", { family: "web", containerDefinitions: [web], ...fields }));
}

/** A task definition whose one container has some fields more, or instead. */
function container(fields: FilledObject, taskFields: FilledObject = {}): readonly string[] {
  return task({ containerDefinitions: [{ ...web, ...fields }], ...taskFields });
}

function service(fields: FilledObject): readonly string[] {
  return lines(validateAgainst("Service", { serviceName: "web", ...fields }));
}

describe("a task definition", () => {
  test("is good without anything that it can do without", () => {
    expect(task({})).toEqual([]);
  });

  test.each(["", "a b", "a.b", "x".repeat(256)])("is not named %j", (family) => {
    expect(task({ family })).toEqual([
      expect.stringContaining("is not a name that ECS takes. It takes 1 to 255"),
    ]);
  });

  test("has at least one container, and an essential one", () => {
    expect(task({ containerDefinitions: [] })).toEqual([
      "$.containerDefinitions: A task definition needs at least one container.",
    ]);
    expect(container({ essential: false })).toEqual([
      '$.containerDefinitions: No container is essential. Leave out "essential": false on at least one of them.',
    ]);
  });

  test("has containers of different names", () => {
    expect(task({ containerDefinitions: [web, { ...web, image: "redis" }] })).toEqual([
      '$.containerDefinitions[1].name: Two containers are named "web"; names have to differ.',
    ]);
  });

  test("gives each container a name and an image, although the model does not ask for them", () => {
    expect(task({ containerDefinitions: [{ memory: 6 }] })).toEqual([
      '$.containerDefinitions[0].name: The field "name" is missing; every container needs it.',
      '$.containerDefinitions[0].image: The field "image" is missing; every container needs it.',
    ]);
  });

  test("has images that are image references", () => {
    expect(container({ image: "Nginx" })).toEqual([
      expect.stringMatching(/^\$\.containerDefinitions\[0\]\.image: "Nginx" is not a valid image reference/),
    ]);
    expect(container({ image: new DeferredText([{ deferred: "X" }]) })).toEqual([]);
  });

  test("limits the memory of each container or of the task", () => {
    const unlimited = { name: "web", image: "nginx" };
    expect(task({ containerDefinitions: [unlimited] })).toEqual([
      '$.containerDefinitions[0].memory: The container "web" has no memory limit. Set memory or memoryReservation ' +
        "(MiB) on it, or memory on the task.",
    ]);
    expect(task({ containerDefinitions: [unlimited], memory: "512" })).toEqual([]);
    expect(task({ containerDefinitions: [{ ...unlimited, memoryReservation: 64 }] })).toEqual([]);
  });

  test("reserves less memory than it allows", () => {
    expect(container({ memoryReservation: 64 })).toEqual([
      "$.containerDefinitions[0].memoryReservation: memoryReservation (64) has to be less than memory (64).",
    ]);
  });

  test.each<[string, number, boolean]>([
    ["awsvpc", 8080, false],
    ["awsvpc", 80, true],
    ["host", 0, false],
    ["bridge", 8080, true],
    ["bridge", 0, true],
  ])(
    "with networkMode %s may map host port %d to container port 80: %s",
    (networkMode, hostPort, allowed) => {
      const found = container({ portMappings: [{ containerPort: 80, hostPort }] }, { networkMode });
      expect(found).toEqual(
        allowed
          ? []
          : [expect.stringContaining(`the host port (${hostPort}) has to be the container port (80)`)],
      );
    },
  );

  test("names a variable once, as a variable or as a secret", () => {
    const found = container({
      environment: [{ name: "A", value: "1" }],
      secrets: [
        { name: "B", valueFrom: "arn" },
        { name: "A", valueFrom: "arn" },
      ],
    });
    expect(found).toEqual([
      '$.containerDefinitions[0].secrets[1].name: "A" is both an environment variable and a secret.',
    ]);
  });

  test("refers to containers and volumes that it has", () => {
    const volumes = [{ name: "data" }];
    const known = { mountPoints: [{ sourceVolume: "data", containerPath: "/data" }] };
    expect(container(known, { volumes })).toEqual([]);
    expect(container(known)).toEqual([
      '$.containerDefinitions[0].mountPoints[0].sourceVolume: The task definition has no volume "data". It has no ' +
        "volume at all.",
    ]);
    expect(container({ dependsOn: [{ containerName: "db", condition: "START" }] })).toEqual([
      '$.containerDefinitions[0].dependsOn[0].containerName: The task definition has no container "db". It has web.',
    ]);
  });
});

describe("a service", () => {
  const balancer = { targetGroupArn: "arn:1", containerName: "web", containerPort: 80 };

  test("has a name, under either call's field, and one name only", () => {
    expect(lines(validateAgainst("Service", {}))).toEqual([
      '$.serviceName: The field "serviceName" is missing; a service needs a name.',
    ]);
    expect(lines(validateAgainst("Service", { service: "web" }))).toEqual([]);
    expect(service({ service: "other" })).toEqual([
      '$.service: serviceName is "web" and service is "other": they name the same service. Keep serviceName alone.',
    ]);
    expect(service({ serviceName: "a b" })).toEqual([
      expect.stringContaining("is not a name that ECS takes"),
    ]);
  });

  test("has a launch type or a capacity provider strategy", () => {
    expect(service({ launchType: "EC2", capacityProviderStrategy: [{ capacityProvider: "x" }] })).toEqual([
      "$.launchType: launchType and capacityProviderStrategy exclude each other. Keep one of them.",
    ]);
  });

  test("leaves a rollout room above or below the desired count", () => {
    const percentages = (minimumHealthyPercent: number, maximumPercent: number) => ({
      deploymentConfiguration: { minimumHealthyPercent, maximumPercent },
    });
    expect(service(percentages(100, 200))).toEqual([]);
    expect(service(percentages(0, 100))).toEqual([]);
    expect(service(percentages(100, 100))).toEqual([
      expect.stringMatching(/^\$\.deploymentConfiguration\.maximumPercent: .* both 100, .* above 100/),
    ]);
  });

  test("has a role only with a load balancer and without awsvpc", () => {
    const role = "/ecs/test_ecs_lb_role";
    expect(service({ role, loadBalancers: [balancer] })).toEqual([]);
    expect(service({ role })).toEqual([expect.stringContaining("without a load balancer takes no role")]);
    const networkConfiguration = { awsvpcConfiguration: { subnets: ["a"] } };
    expect(service({ role, loadBalancers: [balancer], networkConfiguration })).toEqual([
      expect.stringContaining("whose tasks use awsvpc takes no role"),
    ]);
  });

  test("is told once of a value that is wrong by the model and by the rules", () => {
    expect(service({ role: null })).toEqual([
      "$.role: null is not a value that AWS takes. Leave the field out.",
    ]);
  });

  test("has up to five different target groups", () => {
    const groups = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ ...balancer, targetGroupArn: `arn:${index}` }));
    expect(service({ loadBalancers: groups(5) })).toEqual([]);
    expect(service({ loadBalancers: groups(6) })).toEqual([
      expect.stringContaining("6 target groups are given"),
    ]);
    expect(service({ loadBalancers: [balancer, balancer] })).toEqual([
      '$.loadBalancers[1].targetGroupArn: The target group "arn:1" is given twice.',
    ]);
  });

  test("has a client token of at most 36 characters", () => {
    expect(service({ clientToken: "x".repeat(36) })).toEqual([]);
    expect(service({ clientToken: "x".repeat(37) })).toEqual([
      expect.stringContaining("is not a client token"),
    ]);
  });
});
