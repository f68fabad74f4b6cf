import { describe, expect, test } from "@jest/globals";

import { lifecycleRules, type LifecycleRule } from "../../../scripts/core/registry/lifecycle.ts";
import { pinTag } from "../../../scripts/core/registry/pins.ts";
import { expiredBy, type StoredImage } from "../../helpers/lifecycle-evaluator.ts";

const rules = lifecycleRules({ keepImages: 3, untaggedDays: 14 });

/** Ten versions, of which the first is the oldest: 10 days ago. */
const versions: readonly StoredImage[] = Array.from({ length: 10 }, (_, index) => ({
  name: `v${index + 1}`,
  tags: [`v${index + 1}`],
  pushedDaysAgo: 10 - index,
}));

function pinned(name: string, service = "web"): (image: StoredImage) => StoredImage {
  const pin = pinTag({ environment: "live", service }, `sha256:${name.padStart(64, "0")}`);
  return (image) => (image.name === name ? { ...image, tags: [...image.tags, pin] } : image);
}

describe("the lifecycle of a repository", () => {
  test("keeps the newest images and expires those before them", () => {
    expect(expiredBy(rules, versions)).toEqual(["v1", "v2", "v3", "v4", "v5", "v6", "v7"]);
  });

  test("never expires an image that was deployed, however old it is", () => {
    const images = versions.map(pinned("v2")).map(pinned("v5", "worker"));
    expect(expiredBy(rules, images)).toEqual(["v1", "v3", "v4", "v6", "v7"]);
  });

  test("counts deployed images among the newest, so that a pin on one of them keeps no further one", () => {
    expect(expiredBy(rules, versions.map(pinned("v9")))).toEqual(expiredBy(rules, versions));
  });

  test("keeps hundreds of deployed images", () => {
    const many = Array.from({ length: 500 }, (_, index) => ({
      name: `d${index}`,
      tags: [`slipway-live.live.web.${index}`],
      pushedDaysAgo: index,
    }));
    expect(expiredBy(rules, many)).toEqual([]);
  });

  test("keeps the platforms of an image that stays, and counts them not", () => {
    const child = (name: string, pushedDaysAgo: number): StoredImage => ({ name, tags: [], pushedDaysAgo });
    const images: readonly StoredImage[] = [
      ...[40, 30, 20, 10].flatMap((days) => [
        child(`amd64-${days}`, days),
        child(`arm64-${days}`, days),
        {
          name: `index-${days}`,
          tags: [`t${days}`],
          pushedDaysAgo: days,
          lists: [`amd64-${days}`, `arm64-${days}`],
        },
      ]),
      child("left-behind", 20),
      child("just-pushed", 1),
    ];
    expect(expiredBy(rules, images)).toEqual(["amd64-40", "arm64-40", "index-40", "left-behind"]);
    const live = images.map((image) =>
      image.name === "index-40" ? { ...image, tags: ["slipway-live.live.web.0"] } : image,
    );
    expect(expiredBy(rules, live)).toEqual(["left-behind"]);
  });

  test("keeps an image that was deployed by digest and whose own tag is gone", () => {
    const untagged = { name: "old", tags: [], pushedDaysAgo: 90 };
    expect(expiredBy(rules, [untagged])).toEqual(["old"]);
    expect(expiredBy(rules, [{ ...untagged, tags: ["slipway-live.live.web.0123"] }])).toEqual([]);
  });
});

/** AWS's own examples, in the words of its documentation. */
describe("the evaluator agrees with AWS's examples of several rules", () => {
  const rule = (rulePriority: number, pattern: string): LifecycleRule => ({
    rulePriority,
    description: `Rule ${rulePriority}`,
    selection: {
      tagStatus: "tagged",
      tagPatternList: [pattern],
      countType: "imageCountMoreThan",
      countNumber: 1,
    },
    action: { type: "expire" },
  });
  const both = [rule(1, "prod*"), rule(2, "beta*")];

  test("A: the second rule leaves what the first one has seen, and counts it", () => {
    const images = [
      { name: "A", tags: ["beta-1", "prod-1"], pushedDaysAgo: 10 },
      { name: "B", tags: ["beta-2", "prod-2"], pushedDaysAgo: 9 },
      { name: "C", tags: ["beta-3"], pushedDaysAgo: 8 },
    ];
    expect(expiredBy(both, images)).toEqual(["A"]);
  });

  test("B: the same with the newest image in the first rule's hands", () => {
    const images = [
      { name: "A", tags: ["beta-1", "prod-1"], pushedDaysAgo: 10 },
      { name: "B", tags: ["beta-2"], pushedDaysAgo: 9 },
      { name: "C", tags: ["beta-3"], pushedDaysAgo: 8 },
    ];
    expect(expiredBy(both, images)).toEqual(["B"]);
  });
});
