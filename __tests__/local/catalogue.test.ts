import { describe, expect, test } from "@jest/globals";

import { parseBehaviour } from "../../scripts/local/containers/behaviour.ts";
import {
  imageBehaviour,
  isSickAt,
  isWellAt,
  resolvedReference,
} from "../../scripts/local/containers/catalogue.ts";
import { parseImages } from "../../scripts/local/containers/images-file.ts";

const plain = imageBehaviour("app:1.4.0");

describe("an image's tag", () => {
  test.each([
    ["app:crash", { exitsAfterSeconds: 5, exitCode: 1, endsBy: "crash" }],
    ["app:1.4.0-crash", { exitsAfterSeconds: 5, exitCode: 1 }],
    ["registry.example.com:5000/team/app:v2-crash-after-10", { exitsAfterSeconds: 10 }],
    ["app:crash@sha256:0123", { exitsAfterSeconds: 5 }],
    ["app:missing", { exists: false }],
    ["app:unhealthy", { unhealthyAfterSeconds: 0 }],
    ["app:1-unhealthy-after-2m-recover-3m", { unhealthyAfterSeconds: 120, recoversAfterSeconds: 180 }],
    ["app:1-slow-start-20-errors-20-percent", { listensAfterSeconds: 20, errorShare: 0.2 }],
    ["app:1-errors-0.5-errors-after-60", { errorShare: 0.5, errorsAfterSeconds: 60 }],
    ["app:1-errors-after-60", { errorShare: 1, errorsAfterSeconds: 60 }],
    ["app:1-memory-kill-after-30", { endsBy: "memory", exitsAfterSeconds: 30, exitCode: 137 }],
    ["app:exit-10-exit-code-3", { endsBy: "exit", exitsAfterSeconds: 10, exitCode: 3 }],
    ["app:exit-code-3-exit-10", { endsBy: "exit", exitsAfterSeconds: 10, exitCode: 3 }],
    ["app:1-hang", { stopsWithinSeconds: null }],
    ["app:1-latency-250ms", { latencySeconds: 0.25 }],
  ])("%s asks for what it says", (reference, asked) => {
    expect(imageBehaviour(reference)).toEqual({ ...plain, ...imageBehaviour(reference), ...asked });
    expect(imageBehaviour(reference)).not.toEqual(plain);
  });

  test.each([
    "app",
    "app:fix-crash",
    "app:crash-reporter-1",
    "app:2-errors-900-percent",
    "app:1-crashes",
    "crash:1",
  ])("%s is of an image like any other", (reference) => {
    expect(imageBehaviour(reference)).toEqual(plain);
  });
});

describe("SLIPWAY_BEHAVIOUR", () => {
  test("asks for more than the tag, and for something else where both speak of one thing", () => {
    const found = imageBehaviour("app:1-slow-start-20-crash", { asked: "crash=60, errors=10%" });
    expect(found).toMatchObject({ listensAfterSeconds: 20, exitsAfterSeconds: 60, errorShare: 0.1 });
  });

  test.each([
    ["slowstart=1", 'There is no behaviour "slowstart", did you mean "slow-start"?'],
    ["constructor", 'There is no behaviour "constructor"'],
    ["errors=200", '"errors=200" is not understood: its value is a share such as 0.1 or 10%.'],
    ["slow-start", '"slow-start" needs a value'],
    ["missing=3", '"missing=3" is not understood: its value is none'],
    ["exit-code=256", "a whole number from 0 to 255"],
    ["crash=soon", "seconds, or a duration such as 500ms"],
  ])("is refused when it says %s", (text, message) => {
    expect(() => parseBehaviour(text)).toThrow(message);
  });
});

describe("the time of being unhealthy", () => {
  test("begins and ends when it says, after the container has begun to listen", () => {
    const behaviour = imageBehaviour("app", { asked: "slow-start=10,unhealthy=60,recover=90" });
    const at = (seconds: number) => [isWellAt(behaviour, seconds), isSickAt(behaviour, seconds)];
    expect(at(9)).toEqual([false, false]);
    expect(at(10)).toEqual([true, false]);
    expect(at(60)).toEqual([false, true]);
    expect(at(90)).toEqual([true, false]);
  });
});

describe("a file of images", () => {
  test("gives behaviours to the references that fit its patterns, the first of which counts", () => {
    const entries = parseImages(
      `{
        // the tag of these means nothing
        "shop:*-crash": "",
        "shop:3.*": { "behaviour": "latency=1", "logs": ["open"] },
        "*/shop:*": "hang",
      }`,
      "images.jsonc",
    );
    expect(imageBehaviour("shop:1-crash", { entries })).toEqual(plain);
    expect(imageBehaviour("shop:3.1-crash", { entries })).toEqual(plain);
    expect(imageBehaviour("shop:3.1", { entries })).toEqual({
      ...plain,
      latencySeconds: 1,
      logLines: ["open"],
    });
    expect(imageBehaviour("shop:3x1", { entries })).toEqual(plain);
    expect(imageBehaviour("example.com/shop:9", { entries }).stopsWithinSeconds).toBeNull();
  });

  test("is refused with every mistake in it, each with its place", () => {
    const text = `{
  "shop:*": "slow-strat=20",
  "no spaces": "crash",
  "a:1": { "behavior": "crash" },
  "b:1": { "logs": "open" },
  "c:1": 7
}`;
    const lines = (): string[] => {
      try {
        parseImages(text, "images.jsonc");
        return [];
      } catch (error) {
        return String(error).replace("ImagesFileError: ", "").split("\n");
      }
    };
    expect(lines()).toEqual([
      expect.stringMatching(/^images\.jsonc:2:13: There is no behaviour "slow-strat"/),
      expect.stringMatching(/^images\.jsonc:3:3: This is not an image's reference/),
      expect.stringMatching(/^images\.jsonc:4:10: There is no "behavior" here/),
      expect.stringMatching(/^images\.jsonc:5:20: .*expected array/),
      expect.stringMatching(/^images\.jsonc:6:10: A behaviour such as "slow-start=20" is expected/),
    ]);
  });

  test.each([
    ["{ oops", /^images\.jsonc:1:3: /],
    ["[]", /It takes an object/],
  ])("is refused when it is %s", (text, message) => {
    expect(() => parseImages(text, "images.jsonc")).toThrow(message);
  });
});

describe("an image's reference", () => {
  test.each([
    ["nginx", "docker.io/library/nginx:latest"],
    ["team/app:1", "docker.io/team/app:1"],
    ["localhost/app:1", "localhost/app:1"],
    ["123.dkr.ecr.eu-west-1.amazonaws.com/app@sha256:0", "123.dkr.ecr.eu-west-1.amazonaws.com/app@sha256:0"],
  ])("%s is resolved as a container runtime does", (reference, resolved) => {
    expect(resolvedReference(reference)).toBe(resolved);
  });
});
