import type { ContainerDefinition, RegisterTaskDefinitionRequest } from "@aws-sdk/client-ecs";
import { describe, expect, test } from "@jest/globals";

import { isSameDefinition, revisionName } from "../../../scripts/core/deployment/task-definition.ts";
import { definition, registered, revisionArn } from "../../helpers/ecs-json.ts";

function withContainer(change: Partial<ContainerDefinition>): RegisterTaskDefinitionRequest {
  const wanted = definition();
  return {
    ...wanted,
    containerDefinitions: wanted.containerDefinitions?.map((one) => ({ ...one, ...change })),
  };
}

describe("comparing a definition with a registered revision", () => {
  test("finds them the same when AWS has only filled in defaults", () => {
    expect(isSameDefinition(definition(), registered())).toBe(true);
  });

  test("finds them the same when the template spells the defaults out", () => {
    const wanted = {
      ...withContainer({
        cpu: 0,
        essential: true,
        environment: [],
        portMappings: [{ containerPort: 80, hostPort: 0 }],
      }),
      networkMode: "bridge" as const,
      volumes: [],
    };
    expect(isSameDefinition(wanted, registered())).toBe(true);
  });

  test.each<[string, RegisterTaskDefinitionRequest]>([
    ["image", definition("nginx:1.27")],
    ["environment", withContainer({ environment: [{ name: "A", value: "" }] })],
    ["port", withContainer({ portMappings: [{ containerPort: 80, hostPort: 8080 }] })],
    ["pid mode", { ...definition(), pidMode: "host" }],
    ["tags", { ...definition(), tags: [{ key: "team", value: "a" }] }],
  ])("finds a different %s", (_, wanted) => {
    expect(isSameDefinition(wanted, registered())).toBe(false);
  });

  test("ignores the order of environment variables, not that of a command's words", () => {
    const pairs = [
      { name: "A", value: "1" },
      { name: "B", value: "2" },
    ];
    const base = registered();
    const [container] = base.taskDefinition.containerDefinitions ?? [];
    const stored = (change: Partial<ContainerDefinition>): typeof base => ({
      ...base,
      taskDefinition: { ...base.taskDefinition, containerDefinitions: [{ ...container, ...change }] },
    });
    expect(
      isSameDefinition(withContainer({ environment: pairs }), stored({ environment: pairs.toReversed() })),
    ).toBe(true);
    expect(isSameDefinition(withContainer({ command: ["a", "b"] }), stored({ command: ["b", "a"] }))).toBe(
      false,
    );
  });

  test("takes 0.25 vCPU for 256 and 0.5 GB for 512", () => {
    const base = registered();
    const stored = { ...base, taskDefinition: { ...base.taskDefinition, cpu: "256", memory: "512" } };
    expect(isSameDefinition({ ...definition(), cpu: "0.25 vCPU", memory: "0.5 GB" }, stored)).toBe(true);
    expect(isSameDefinition({ ...definition(), cpu: "0.5 vCPU", memory: "0.5 GB" }, stored)).toBe(false);
  });

  test("under awsvpc takes an absent host port for the container's", () => {
    const base = registered();
    const [container] = base.taskDefinition.containerDefinitions ?? [];
    const stored = {
      ...base,
      taskDefinition: {
        ...base.taskDefinition,
        networkMode: "awsvpc" as const,
        containerDefinitions: [
          { ...container, portMappings: [{ containerPort: 80, hostPort: 80, protocol: "tcp" as const }] },
        ],
      },
    };
    expect(isSameDefinition({ ...definition(), networkMode: "awsvpc" }, stored)).toBe(true);
  });

  test("ignores AWS's own tags", () => {
    expect(
      isSameDefinition(definition(), {
        ...registered(),
        tags: [{ key: "aws:cloudformation:stack", value: "x" }],
      }),
    ).toBe(true);
  });
});

test("a revision's short name is what follows the last slash of its ARN", () => {
  expect(revisionName(revisionArn("nginx:12"))).toBe("nginx:12");
});
