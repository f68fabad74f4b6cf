import { expect, test } from "@jest/globals";

import { bringIntoRange } from "../../scripts/local/ecs/scaled-range.ts";
import { World } from "../helpers/local-world.ts";

test("a service is brought into the range in which it is scaled, and nowhere where it is within", () => {
  const world = new World({ hosts: 3 });
  world.create("nginx:1", { loadBalancers: [] });
  world.passUntil(() => world.isSteady());
  const range = (least: number, most: number): number => {
    world.call((call) => {
      bringIntoRange(call, "service/test/web", { least, most });
      bringIntoRange(call, "service/other/web", { least: 9, most: 9 });
      return null;
    });
    world.passUntil(() => world.isSteady());
    return world.running().length;
  };
  expect(range(1, 10)).toBe(2);
  expect(range(4, 10)).toBe(4);
  expect(range(1, 3)).toBe(3);
});
