import { describe, expect, test } from "@jest/globals";

import { imagesInRegistry, pinTag, pinsOf } from "../../../scripts/core/registry/pins.ts";
import { parseEnvironments } from "../../../scripts/core/environments.ts";
import { parseImageReference } from "../../../scripts/core/image-reference.ts";
import { withOneService } from "../../helpers/environments-file.ts";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

describe("a pin", () => {
  test("is named for the environment, the service and the image", () => {
    expect(pinTag({ environment: "live", service: "web" }, digest)).toBe(
      "slipway-live.live.web.0123456789abcdef",
    );
  });

  test("is a tag that registries take, also for the longest names", () => {
    const holder = {
      environment: `e${"x".repeat(31)}`,
      elsewhere: "other eu-west-1",
      service: "S_".repeat(120),
    };
    const tag = pinTag(holder, digest);
    expect(tag.length).toBeLessThanOrEqual(128);
    expect(parseImageReference(`repository:${tag}`)).toMatchObject({ ok: true, image: { tag } });
  });

  test("begins as no pin of another holder does", () => {
    const holders = [
      { environment: "live", service: "web" },
      { environment: "live", service: "web-2" },
      { environment: "live-web", service: "web" },
      { environment: "live", elsewhere: "blue us-east-1", service: "web" },
      { environment: "live", service: `${"w".repeat(60)}1` },
      { environment: "live", service: `${"w".repeat(60)}2` },
    ];
    const starts = holders.map(pinsOf);
    for (const [index, start] of starts.entries()) {
      expect(starts.filter((other) => other.startsWith(start))).toEqual([starts[index]]);
    }
  });
});

test("of a task definition's images those are pinned that are in the registry's repositories and Region", () => {
  const text = withOneService("Web_App", { registry: {} });
  const parsed = parseEnvironments(text);
  const registry = parsed.ok ? parsed.environments.get("test")?.registry : undefined;
  if (registry === undefined) throw new Error("the environment has a registry");
  const host = (region: string): string => `123456789012.dkr.ecr.${region}.amazonaws.com`;
  const images = imagesInRegistry(
    [
      `${host("us-east-1")}/test/web-app:1`,
      `${host("us-east-1")}/test/web-app:1`,
      `${host("us-east-1")}/test/web-app@${digest}`,
      `${host("us-east-1")}/test/other:1`,
      `${host("eu-west-1")}/test/web-app:1`,
      "test/web-app:1",
      "nginx:alpine",
      "not an image",
    ],
    registry,
  );
  const repository = { registryId: "123456789012", region: "us-east-1", repository: "test/web-app" };
  expect(images).toEqual([
    { ...repository, tag: "1" },
    { ...repository, digest },
  ]);
});
