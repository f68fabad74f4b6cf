import { expect, test } from "@jest/globals";

import { pinsToRelease } from "../../../scripts/core/registry/release.ts";

const repository = { registryId: "123456789012", region: "us-east-1", repository: "test/web" };
const start = "slipway-live.live.web.";

test("pins go from images that no revision names, by tag or by digest, and from no others", () => {
  const images = [
    { digest: "sha256:a", tags: ["v1", `${start}a`] },
    { digest: "sha256:b", tags: ["v2", `${start}b`] },
    { digest: "sha256:c", tags: ["v3", `${start}c`] },
    { digest: "sha256:d", tags: ["v4"] },
  ];
  const needed = [
    { ...repository, tag: "v2" },
    { ...repository, digest: "sha256:c" },
  ];
  expect(pinsToRelease(images, start, needed)).toEqual({ release: [`${start}a`], lastTags: [] });
});

test("pins of other services and environments stay", () => {
  const images = [
    { digest: "sha256:a", tags: ["v1", "slipway-live.test.web.a", "slipway-live.live.web2.a"] },
  ];
  expect(pinsToRelease(images, start, [])).toEqual({ release: [], lastTags: [] });
});

test("an image that has pins alone keeps them, since ECR deletes an image with its last tag", () => {
  const images = [{ digest: "sha256:a", tags: [`${start}a`, "slipway-live.test.web.a"] }];
  expect(pinsToRelease(images, start, [])).toEqual({ release: [], lastTags: [`${start}a`] });
});

test("a revision that names a tag which is the image's pin keeps it as well", () => {
  const images = [{ digest: "sha256:a", tags: ["v1", `${start}a`] }];
  const needed = [{ ...repository, tag: `${start}a` }];
  expect(pinsToRelease(images, start, needed).release).toEqual([]);
});
