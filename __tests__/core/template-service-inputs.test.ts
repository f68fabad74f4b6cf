import { describe, expect, test } from "@jest/globals";

import { resolveDeferred } from "../../scripts/core/template/deferred.ts";
import { createServiceInput, updateServiceInput } from "../../scripts/core/template/service-inputs.ts";

const service = {
  serviceName: "web",
  cluster: "test",
  taskDefinition: "web:3",
  desiredCount: 2,
  launchType: "EC2",
  schedulingStrategy: "REPLICA",
  clientToken: "token",
  tags: [{ key: "a", value: "b" }],
  deploymentController: { type: "ECS" },
  loadBalancers: [{ targetGroupArn: "arn", containerName: "web", containerPort: 80 }],
};
const values = { TASKDEFINITION_ARN: "arn:new" };

describe("the input of CreateService", () => {
  test("has every field but those of updates", () => {
    expect(createServiceInput({ ...service, forceNewDeployment: true })).toEqual(service);
  });

  test("takes the name from service where the template has that", () => {
    expect(createServiceInput({ service: "web", desiredCount: 0, taskDefinition: "web" })).toEqual({
      serviceName: "web",
      desiredCount: 0,
      taskDefinition: "web",
    });
  });

  test("starts one task of the new revision where the template leaves count and revision out", () => {
    expect(resolveDeferred(createServiceInput({ serviceName: "web" }), values)).toEqual({
      serviceName: "web",
      desiredCount: 1,
      taskDefinition: "arn:new",
    });
  });

  test("has no count for a daemon", () => {
    const input = createServiceInput({ serviceName: "collector", schedulingStrategy: "DAEMON" });
    expect(input).not.toHaveProperty("desiredCount");
  });

  test("has no revision where task sets have it", () => {
    const input = createServiceInput({ serviceName: "web", deploymentController: { type: "EXTERNAL" } });
    expect(input).not.toHaveProperty("taskDefinition");
  });
});

describe("the input of UpdateService", () => {
  test("has no field that is fixed once the service exists", () => {
    expect(updateServiceInput({ ...service, forceNewDeployment: true })).toEqual({
      service: "web",
      cluster: "test",
      taskDefinition: "web:3",
      desiredCount: 2,
      forceNewDeployment: true,
      loadBalancers: service.loadBalancers,
    });
  });

  test("leaves the count alone where the template does", () => {
    expect(resolveDeferred(updateServiceInput({ service: "web" }), values)).toEqual({
      service: "web",
      taskDefinition: "arn:new",
    });
  });

  test("repeats no load balancer of a service with a role, which AWS refuses", () => {
    const input = updateServiceInput({ ...service, role: "/ecs/test_ecs_lb_role", serviceRegistries: [] });
    expect(Object.keys(input).sort()).toEqual(["cluster", "desiredCount", "service", "taskDefinition"]);
  });

  test("has no revision where task sets have it", () => {
    const input = updateServiceInput({ serviceName: "web", deploymentController: { type: "EXTERNAL" } });
    expect(input).toEqual({ service: "web" });
  });
});
