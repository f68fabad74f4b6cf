import { describe, expect, test } from "@jest/globals";
import { parseCommandLine } from "../../scripts/core/command-line/parse.ts";
import { serviceNameIn } from "../../scripts/core/service-name.ts";

const arn = "arn:aws:ecs:us-east-1:123456789012:service/test/nginx";

describe("a service", () => {
  test("is taken by its name, by its tasks' group and by its ARN", () => {
    for (const given of ["nginx", "service:nginx", arn]) {
      expect(serviceNameIn(given, "test")).toBe("nginx");
      expect(parseCommandLine(["status", given, "--env", "test"])).toMatchObject({
        kind: "run",
        verb: "status",
        services: [given],
      });
    }
  });

  test("of another cluster is refused rather than taken for its namesake", () => {
    expect(() => serviceNameIn(arn, "prod")).toThrow(
      /is a service of cluster test, and this run looks in prod.*--env/,
    );
  });

  test("is not told by a path, or by the ARN of something else", () => {
    for (const given of ["test/nginx", "arn:aws:ecs:us-east-1:123456789012:task/test/nginx"]) {
      expect(() => parseCommandLine(["status", given])).toThrow(/not the name of a service/);
    }
  });
});
