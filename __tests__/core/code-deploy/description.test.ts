import { describe, expect, test } from "@jest/globals";

import { descriptionOf, originOf, putBackPurpose } from "../../../scripts/core/code-deploy/description.ts";
import { knownDeployment } from "../../../scripts/core/code-deploy/model.ts";
import { underWayText } from "../../../scripts/core/code-deploy/plan.ts";

const origin = { run: "0toupgk2dsss", replaces: "web:2" };

describe("the description of a deployment", () => {
  test("tells which run made it and what it replaces, and whether it puts something back", () => {
    expect(originOf(descriptionOf(origin, "update web to nginx:2"))).toEqual(origin);
    const back = descriptionOf(origin, putBackPurpose("web", "api failed"));
    expect(originOf(back)).toEqual({ ...origin, putsBack: true });
    expect(originOf("by hand")).toBeUndefined();
  });

  test("has another update wait for the end of what is being put back, rather than stop it", () => {
    const description = descriptionOf(origin, putBackPurpose("web", "api failed"));
    const info = { deploymentId: "d-2", status: "InProgress" as const, description };
    const underWay = knownDeployment(info, undefined, undefined);
    const text = underWayText("web", { application: "test", group: {}, underWay });
    expect(text).toContain("It is a rollback; try again when it has ended: ./deploy deployments web");
  });
});
