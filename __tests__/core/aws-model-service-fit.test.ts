import { describe, expect, test } from "@jest/globals";

import type { ShapeName } from "../../scripts/core/aws-model/model.ts";
import { checkServiceFits } from "../../scripts/core/aws-model/service-fit.ts";
import type { FilledObject } from "../../scripts/core/aws-model/values.ts";
import { lines } from "../helpers/violation-lines.ts";

const taskDefinition: FilledObject = {
  family: "web",
  containerDefinitions: [
    { name: "web", image: "nginx", portMappings: [{ containerPort: 80, hostPort: 0 }] },
    { name: "log", image: "fluentd" },
  ],
};

function misfits(
  service: FilledObject,
  task: FilledObject = {},
  shape: ShapeName = "Service",
): readonly string[] {
  return lines(checkServiceFits(service, shape, { ...taskDefinition, ...task }));
}

function balanced(containerName: string, containerPort: number): FilledObject {
  return { loadBalancers: [{ targetGroupArn: "arn", containerName, containerPort }] };
}

describe("a load balancer of a service", () => {
  test("fits a container of the task definition and a port that it maps", () => {
    expect(misfits(balanced("web", 80))).toEqual([]);
  });

  test("does not fit a container that is not there", () => {
    expect(misfits(balanced("app", 80))).toEqual([
      '$.loadBalancers[0].containerName: The task definition has no container "app". It has web, log.',
    ]);
  });

  test("does not fit a port that the container does not map", () => {
    expect(misfits(balanced("web", 8080))).toEqual([
      '$.loadBalancers[0].containerPort: The container "web" maps no port 8080. It maps 80.',
    ]);
    expect(misfits(balanced("log", 80))).toEqual([
      '$.loadBalancers[0].containerPort: The container "log" maps no port 80. It maps no port at all.',
    ]);
  });

  test("may fit any port of a container that maps a range", () => {
    const containerDefinitions = [
      { name: "web", image: "a", portMappings: [{ containerPortRange: "80-90" }] },
    ];
    expect(misfits(balanced("web", 85), { containerDefinitions })).toEqual([]);
  });
});

describe("a network configuration", () => {
  const networkConfiguration = { awsvpcConfiguration: { subnets: ["subnet-1"] } };

  test("is needed by tasks with a network interface of their own, unless it is there from before", () => {
    expect(misfits({}, { networkMode: "awsvpc" })).toEqual([
      "$.networkConfiguration: Tasks with networkMode awsvpc need a networkConfiguration. Give it subnets.",
    ]);
    expect(misfits({ networkConfiguration }, { networkMode: "awsvpc" })).toEqual([]);
    expect(misfits({}, { networkMode: "awsvpc" }, "UpdateService")).toEqual([]);
  });

  test("is not taken by tasks on the network of their host", () => {
    expect(misfits({ networkConfiguration }, { networkMode: "bridge" })).toEqual([
      "$.networkConfiguration: Tasks with networkMode bridge take no networkConfiguration. Leave it out.",
    ]);
  });
});
