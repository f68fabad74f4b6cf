import { describe, expect, test } from "@jest/globals";

import { circleIn } from "../../../scripts/core/deployment/order.ts";

const of = (graph: Record<string, string[]>) =>
  Object.entries(graph).map(([name, dependsOn]) => ({ name, dependsOn }));

describe("the order of services", () => {
  test("has no circle where every chain ends", () => {
    expect(circleIn(of({ web: ["api", "cache"], api: ["db"], cache: ["db"], db: [] }))).toBeUndefined();
  });

  test("names the circle, and not what leads into it", () => {
    expect(circleIn(of({ web: ["api"], api: ["db"], db: ["api"] }))).toEqual(["api", "db", "api"]);
  });

  test("leaves dependencies on services of other runs aside", () => {
    expect(circleIn(of({ web: ["elsewhere"] }))).toBeUndefined();
  });
});
