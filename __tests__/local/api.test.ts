import { readFileSync } from "node:fs";

import {
  CreateServiceRequest$,
  RegisterTaskDefinitionRequest$,
  UpdateServiceRequest$,
} from "@aws-sdk/client-ecs";
import { describe, expect, test } from "@jest/globals";

import { ecsEnumsSource } from "../../scripts/generate/ecs-enums.ts";
import { readInput, writeOutput } from "../../scripts/local/ecs/api/input.ts";
import { listServices } from "../../scripts/local/ecs/api/list-services.ts";
import { createService } from "../../scripts/local/ecs/api/services.ts";
import { deleteCluster } from "../../scripts/local/ecs/api/clusters.ts";
import {
  deregisterTaskDefinition,
  describeTaskDefinition,
  listTaskDefinitions,
} from "../../scripts/local/ecs/api/task-definitions.ts";
import { listTasks } from "../../scripts/local/ecs/api/tasks.ts";
import { preferredPort } from "../../scripts/local/elb/listeners.ts";
import { targetGroupArn, World } from "../helpers/local-world.ts";

test("the committed enums are those of the installed AWS SDK (else: npm run generate)", () => {
  const committed = new URL("../../scripts/local/ecs/api/enums.generated.ts", import.meta.url);
  expect(readFileSync(committed, "utf8")).toBe(ecsEnumsSource());
});

describe("a request body", () => {
  test.each([
    [
      { service: "web", deploymentConfiguration: { deploymentCircuitBreaker: { enable: true } } },
      "rollback can not be blank.",
    ],
    [{ service: "web", capacityProviderStrategy: [{ weight: 1 }] }, "capacityProvider can not be blank."],
    [
      { service: "web", propagateTags: "ALL" },
      "propagateTags should be one of [NONE,SERVICE,TASK_DEFINITION]",
    ],
    [
      { service: "web", deploymentController: { type: "JENKINS" } },
      "type should be one of [CODE_DEPLOY,ECS,EXTERNAL]",
    ],
  ])("that breaks the API's model deeper down, %j, is refused", (body, message) => {
    expect(() => readInput(UpdateServiceRequest$, JSON.stringify(body))).toThrow(
      expect.objectContaining({ type: "InvalidParameterException", message }),
    );
  });

  test("keeps what the API's model knows and drops the rest", () => {
    const body = JSON.stringify({ service: "web", desiredCount: 2, colour: "red", taskDefinition: null });
    expect(readInput(UpdateServiceRequest$, body)).toEqual({ service: "web", desiredCount: 2 });
  });

  test.each([
    [{ service: "web", desiredCount: "2" }, "STRING_VALUE cannot be converted to Integer"],
    [{ service: 2 }, "NUMBER_VALUE cannot be converted to String"],
    [{ service: "web", loadBalancers: {} }, "Start of structure or map found where not expected"],
    [{ service: "web", forceNewDeployment: "yes" }, "STRING_VALUE cannot be converted to Boolean"],
  ])("with a value of another type, %j, is a SerializationException", (body, message) => {
    expect(() => readInput(UpdateServiceRequest$, JSON.stringify(body))).toThrow(
      expect.objectContaining({ type: "SerializationException", message }),
    );
  });

  test("is read through lists, maps and nested structures", () => {
    const input = {
      family: "web",
      containerDefinitions: [
        { name: "web", dockerLabels: { a: "b" }, portMappings: [{ containerPort: 80 }], command: ["x"] },
      ],
    };
    expect(readInput(RegisterTaskDefinitionRequest$, JSON.stringify(input))).toEqual(input);
  });

  test("without a required member names it", () => {
    expect(() => readInput(CreateServiceRequest$, "{}")).toThrow("serviceName can not be blank.");
  });
});

describe("an answer", () => {
  test("has its times in seconds and leaves out what is not there", () => {
    expect(writeOutput({ at: new Date(1500), gone: undefined, list: [{ none: null }] })).toBe(
      '{"at":1.5,"list":[{}]}',
    );
  });
});

describe("task definitions", () => {
  test("go on counting after every revision was deregistered: a family is never gone", () => {
    const world = new World();
    const first = world.register("nginx:1");
    world.call((call) => deregisterTaskDefinition(call, { taskDefinition: first }));
    expect(world.register("nginx:2")).toMatch(/task-definition\/web:2$/);
    const inactive = world.call((call) =>
      listTaskDefinitions(call, { familyPrefix: "web", status: "INACTIVE" }),
    );
    expect(inactive.taskDefinitionArns).toEqual([first]);
    const latest = world.call((call) => describeTaskDefinition(call, { taskDefinition: "web" }));
    expect(latest.taskDefinition.revision).toBe(2);
    expect(() => {
      world.createOf(first);
    }).toThrow("TaskDefinition is inactive");
  });

  test.each([
    [{ cpu: "256", memory: "4096" }, "No Fargate configuration exists for given values."],
    [{ cpu: "300", memory: "512" }, "No Fargate configuration exists for given values."],
    [{ cpu: "256", memory: "512", networkMode: "bridge" }, /^Fargate only supports network mode/],
    [
      {
        cpu: "256",
        memory: "512",
        containerDefinitions: [
          {
            name: "web",
            image: "nginx",
            logConfiguration: {
              logDriver: "awslogs",
              options: { "awslogs-group": "web", "awslogs-region": "us-east-1" },
            },
          },
        ],
      },
      "Fargate requires task definition to have execution role ARN to support log driver awslogs.",
    ],
  ] as const)("for Fargate of %j are refused in AWS's words", (over, message) => {
    const definition = { requiresCompatibilities: ["FARGATE"], networkMode: "awsvpc", ...over };
    expect(() =>
      new World().register("nginx", { hostPort: 80, definition: definition as Record<string, unknown> }),
    ).toThrow(message);
  });

  test("take the sizes that Fargate has", () => {
    const definition = { requiresCompatibilities: ["FARGATE" as const], networkMode: "awsvpc" as const };
    const sizes = [
      { cpu: "256", memory: "512" },
      { cpu: ".25 vCPU", memory: "1 GB" },
      { cpu: "4096", memory: "30720" },
      { cpu: "16384", memory: "122880" },
    ];
    const world = new World();
    const arns = sizes.map((size) =>
      world.register("nginx", { hostPort: 80, definition: { ...definition, ...size } }),
    );
    expect(arns).toHaveLength(4);
  });

  test("need memory for a container on a host", () => {
    const definition = { containerDefinitions: [{ name: "web", image: "nginx" }] };
    expect(() => new World().register("nginx", { definition })).toThrow(
      "Invalid setting for container 'web'. At least one of 'memory' or 'memoryReservation' must be specified.",
    );
  });
});

describe("CreateService", () => {
  const behind = (containerName: string, containerPort: number) => ({
    loadBalancers: [{ targetGroupArn, containerName, containerPort }],
  });

  test.each([
    [behind("app", 80), "The container app does not exist in the task definition."],
    [behind("web", 81), "The container web did not have a container port 81 defined."],
    [
      { deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 100 } },
      "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.",
    ],
    [{ taskDefinition: "nobody:1" }, "TaskDefinition not found."],
    [{ cluster: "elsewhere" }, "Cluster not found."],
    [
      { role: "ecsServiceRole", loadBalancers: [] },
      "Role should not be provided if no loadbalancers are specified.",
    ],
  ])("with %j is refused in AWS's words and leaves nothing behind", (input, message) => {
    const world = new World();
    const arn = world.register("nginx:1");
    expect(() => {
      world.createOf(arn, input);
    }).toThrow(message);
    expect(world.state.ecs.services).toEqual({});
  });

  test("wants a network configuration for awsvpc, and a group of addresses", () => {
    const world = new World();
    const arn = world.register("nginx:1", { hostPort: 80, definition: { networkMode: "awsvpc" } });
    expect(() => {
      world.createOf(arn);
    }).toThrow("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
    world.call(({ state }) => {
      state.ecs.subnets["subnet-1"] = {
        id: "subnet-1",
        cidrBlock: "10.0.0.0/24",
        availabilityZone: "us-east-1a",
        nextAddress: 0,
      };
      return null;
    });
    const networkConfiguration = { awsvpcConfiguration: { subnets: ["subnet-1"] } };
    expect(() => {
      world.createOf(arn, { networkConfiguration });
    }).toThrow(/has target type instance, which is incompatible with the awsvpc network mode/);
  });

  test("repeated with the same client token answers with the service that is there", () => {
    const world = new World();
    const input = {
      cluster: "test",
      serviceName: "web",
      taskDefinition: "web",
      desiredCount: 1,
      clientToken: "once",
    };
    world.register("nginx:1");
    const first = world.call((call) => createService(call, input));
    const second = world.call((call) => createService(call, input));
    expect(second.service.deployments?.[0]?.id).toBe(first.service.deployments?.[0]?.id);
  });
});

describe("UpdateService", () => {
  test("under a CODE_DEPLOY controller refuses what only CodeDeploy may do", () => {
    const world = new World();
    world.create("nginx:1", { deploymentController: { type: "CODE_DEPLOY" } });
    expect(() => {
      world.update("nginx:2");
    }).toThrow(
      "Unable to update task definition on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.",
    );
    world.change({ desiredCount: 3 });
    expect(world.service.desiredCount).toBe(3);
  });

  test.each([
    [{ desiredCount: 3 }, 1],
    [{ healthCheckGracePeriodSeconds: 30 }, 1],
    [{ deploymentConfiguration: { maximumPercent: 150 } }, 1],
    [{ serviceRegistries: [{ registryArn: "arn:r", containerName: "web", containerPort: 80 }] }, 2],
    [{ forceNewDeployment: true }, 2],
  ])("with %j leaves %d deployments", (input, count) => {
    const world = new World();
    world.create("nginx:1");
    world.passUntil(() => world.isSteady());
    world.change(input);
    expect(world.service.deployments).toHaveLength(count);
  });
});

describe("lists", () => {
  test("of services come 10 a page until the last", () => {
    const world = new World();
    const arn = world.register("nginx:1");
    for (let index = 0; index < 23; index += 1) {
      world.createOf(arn, { serviceName: `service-${index}`, desiredCount: 0 });
    }
    const found: string[] = [];
    let pages = 0;
    let nextToken: string | undefined;
    do {
      const token = nextToken;
      const answer = world.call((call) =>
        listServices(call, { cluster: "test", ...(token && { nextToken: token }) }),
      );
      found.push(...answer.serviceArns);
      nextToken = answer.nextToken;
      pages += 1;
    } while (nextToken !== undefined);
    expect([pages, new Set(found).size]).toEqual([3, 23]);
  });

  test("of tasks tell a service's own by status", () => {
    const world = new World();
    world.create("nginx:1");
    world.createOf(world.register("nginx:1"), { serviceName: "other", desiredCount: 1, loadBalancers: [] });
    world.passUntil(() => world.isSteady());
    world.change({ desiredCount: 1 });
    world.passUntil(() => world.isSteady());
    const count = (desiredStatus: "RUNNING" | "PENDING" | "STOPPED") =>
      world.call((call) => listTasks(call, { cluster: "test", serviceName: "web", desiredStatus })).taskArns
        .length;
    expect([count("RUNNING"), count("STOPPED")]).toEqual([1, 1]);
    // ECS never wants a task to be PENDING.
    expect(count("PENDING")).toBe(0);
  });
});

describe("DeleteCluster", () => {
  test("waits for hosts, then services, then tasks", () => {
    const world = new World();
    world.create("nginx:1", { loadBalancers: [] });
    const attempt = () => world.call((call) => deleteCluster(call, { cluster: "test" }));
    expect(attempt).toThrow(
      "The Cluster cannot be deleted while Container Instances are active or draining.",
    );
    world.setHosts(0);
    expect(attempt).toThrow("The Cluster cannot be deleted while Services are active.");
  });
});

describe("a container's own health check", () => {
  const checked = (image: string) => {
    const world = new World();
    const healthCheck = { command: ["CMD", "true"], interval: 10, retries: 3 };
    const containerDefinitions = [{ name: "web", image, memory: 64, healthCheck }];
    const arn = world.register(image, { definition: { containerDefinitions } });
    world.createOf(arn, { loadBalancers: [], desiredCount: 1 });
    return world;
  };

  test("makes a task count only once it is HEALTHY", () => {
    const world = checked("nginx:1");
    world.passUntil(() => world.isSteady());
    expect(world.tasks[0]?.containers[0]?.healthStatus).toBe("HEALTHY");
  });

  test("of a container that is not essential keeps no task from counting", () => {
    const world = new World();
    const healthCheck = { command: ["CMD", "true"], interval: 10, retries: 3 };
    const containerDefinitions = [
      { name: "web", image: "nginx:1", memory: 64 },
      { name: "sidecar", image: "nginx:unhealthy", memory: 64, essential: false, healthCheck },
    ];
    const arn = world.register("nginx:1", { definition: { containerDefinitions } });
    world.createOf(arn, { loadBalancers: [], desiredCount: 1 });
    world.passUntil(() => world.isSteady());
    expect(world.tasks).toHaveLength(1);
  });

  test("has a task replaced that it finds UNHEALTHY", () => {
    const world = checked("nginx:unhealthy");
    world.passUntil(() => world.tasks.length > 1);
    expect(world.tasks[0]?.stoppedReason).toBe("Task failed container health checks");
    expect(world.messages()).toContain(
      `(service web) (task ${world.tasks[0]?.id}) failed container health checks.`,
    );
  });
});

describe("a listener", () => {
  test.each([
    [80, "internet-facing", 8080],
    [443, "internet-facing", 8443],
    [8080, "internet-facing", 8080],
    [80, "internal", 9080],
  ])("on port %d of an %s load balancer is served on %d", (port, scheme, local) => {
    expect(preferredPort(port, scheme)).toBe(local);
  });
});
