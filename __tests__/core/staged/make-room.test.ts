import { describe, expect, test } from "@jest/globals";

import { quotaOf, quotaText } from "../../../scripts/core/quotas.ts";
import { makeRoomText } from "../../../scripts/core/staged/make-room.ts";
import { application, type Described } from "../../helpers/observed-application.ts";

const now = Date.parse("2026-01-02T00:00:00.000Z");
const retired = (letter: string): Described => ({
  id: letter,
  tags: { retiredAt: "2026-01-01T00:00:00.000Z" },
});
const live: Described = { id: "d", weight: 1 };

function room(...described: readonly Described[]): string {
  return makeRoomText(application([...described, live]), 1, now, (options) =>
    ["./deploy teardown web", ...options].join(" "),
  );
}

describe("what makes room where a quota is used up", () => {
  test("is the teardown of what is retired, but of the newest, which a rollback would go to", () => {
    expect(room(retired("a"), retired("b"), retired("c"))).toBe(
      "To make room, take 2 deployments down: ./deploy teardown web --all-retired",
    );
  });

  test("is the teardown of the newest retired one too where that alone is left", () => {
    expect(room(retired("a"))).toContain("./deploy teardown web --all-retired --keep 0");
  });

  test("is elsewhere where nothing is retired", () => {
    expect(room()).toContain("web has no deployment to take down");
  });
});

describe("a quota that is used up", () => {
  test("is told by the name under which AWS raises it", () => {
    const quota = quotaOf("TooManyRulesException");
    expect(quota && quotaText(quota)).toMatch(
      /"Rules per Application Load Balancer".*Ask AWS for a higher one/,
    );
    expect(quotaOf("RuleNotFoundException")).toBeUndefined();
  });

  test("is not to be asked for where AWS raises it for nobody", () => {
    const quota = quotaOf("TooManyUniqueTargetGroupsPerLoadBalancerException");
    expect(quota && quotaText(quota)).toContain("AWS raises it for nobody");
  });
});
