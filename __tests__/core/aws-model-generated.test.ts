import { readFileSync } from "node:fs";

import { describe, expect, test } from "@jest/globals";

import {
  enumValues,
  fieldNames,
  readOnlyFields,
  structureNamed,
  structureOf,
} from "../../scripts/core/aws-model/model.ts";
import { ecsModelSource } from "../../scripts/generate/ecs-model.ts";

test("the committed model is the one of the installed AWS SDK (else: npm run generate)", () => {
  const committed = new URL("../../scripts/core/aws-model/ecs-model.generated.ts", import.meta.url);
  expect(readFileSync(committed, "utf8")).toBe(ecsModelSource());
});

describe("the model holds", () => {
  test("the fields of nested structures with their types", () => {
    expect(structureNamed("PortMapping").fields).toMatchObject({
      containerPort: "integer",
      protocol: { enum: "TransportProtocol" },
    });
    expect(structureNamed("ContainerDefinition").fields).toMatchObject({
      dockerLabels: { map: "string" },
      environment: { list: { structure: "KeyValuePair" } },
      essential: "boolean",
    });
    expect(structureNamed("LinearConfiguration").fields).toMatchObject({ stepPercent: "number" });
  });

  test("enums, also those of lists", () => {
    expect(enumValues("NetworkMode")).toEqual(["awsvpc", "bridge", "host", "none"]);
    expect(structureOf("TaskDefinition").fields["requiresCompatibilities"]).toEqual({
      list: { enum: "Compatibility" },
    });
  });

  test("required fields of nested structures", () => {
    expect(structureNamed("DeploymentCircuitBreaker").required).toEqual(["enable", "rollback"]);
    expect(structureNamed("Secret").required).toEqual(["name", "valueFrom"]);
  });

  test("a service template that has the fields of both calls", () => {
    expect(fieldNames("Service")).toEqual(
      expect.arrayContaining(["launchType", "forceNewDeployment", "service"]),
    );
    expect(fieldNames("UpdateService")).not.toContain("launchType");
  });

  test("the fields that are only ever reported", () => {
    expect(readOnlyFields("TaskDefinition")).toContain("revision");
    expect(readOnlyFields("TaskDefinition")).not.toContain("family");
    expect(readOnlyFields("Service")).toContain("runningCount");
    expect(readOnlyFields("Service")).not.toContain("desiredCount");
  });

  test("no name that is not there", () => {
    expect(() => structureNamed("Nothing")).toThrow("Nothing");
    expect(() => enumValues("Nothing")).toThrow("Nothing");
  });
});
