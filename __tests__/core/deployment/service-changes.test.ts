import type { UpdateServiceRequest } from "@aws-sdk/client-ecs";
import { describe, expect, test } from "@jest/globals";

import { serviceChanges } from "../../../scripts/core/deployment/service-changes.ts";
import { service } from "../../helpers/ecs-json.ts";

const changed = (wanted: Partial<UpdateServiceRequest>, running = service()): string[] =>
  serviceChanges({ service: "nginx", ...wanted }, running).map(({ member }) => member);

describe("what an update would change", () => {
  test("is nothing for members that the template leaves out", () => {
    expect(changed({})).toEqual([]);
  });

  test("is nothing when AWS knows more than the template says", () => {
    expect(changed({ deploymentConfiguration: { maximumPercent: 200 } })).toEqual([]);
  });

  test("is the member whose inner value differs", () => {
    expect(changed({ deploymentConfiguration: { maximumPercent: 150 } })).toEqual([
      "deploymentConfiguration",
    ]);
  });

  test("is nothing when subnets come in another order, and something when one is gone", () => {
    const network = (...subnets: string[]): Pick<UpdateServiceRequest, "networkConfiguration"> => ({
      networkConfiguration: { awsvpcConfiguration: { subnets } },
    });
    const running = service({
      networkConfiguration: { awsvpcConfiguration: { subnets: ["a", "b"], assignPublicIp: "DISABLED" } },
    });
    expect(changed(network("b", "a"), running)).toEqual([]);
    expect(changed(network("a"), running)).toEqual(["networkConfiguration"]);
  });

  test("counts an empty list as a wish to remove what is there", () => {
    const running = service({ placementConstraints: [{ type: "distinctInstance" }] });
    expect(changed({ placementConstraints: [] }, running)).toEqual(["placementConstraints"]);
    expect(changed({ placementConstraints: [] })).toEqual([]);
  });

  test("sees zero and false as values", () => {
    expect(
      changed({ desiredCount: 0, enableExecuteCommand: false }, service({ enableExecuteCommand: true })),
    ).toEqual(["desiredCount", "enableExecuteCommand"]);
  });
});
