import { describe, expect, test } from "@jest/globals";

import { refuseTwins, type Job } from "../../../scripts/commands/rollout/job.ts";
import { InvalidInputError } from "../../../scripts/core/errors.ts";

function job(name: string, serviceName: string, cluster = "test"): Job {
  return {
    name,
    serviceName,
    cluster,
    dependsOn: [],
    purpose: `update ${serviceName}`,
    plan: () => ({ serviceName, cluster, steps: [] }),
    desiredArn: () => undefined,
    brings: () => undefined,
    images: () => [],
    trail: () => [],
  };
}

describe("the services of one run", () => {
  test("may have one name in two clusters", () => {
    refuseTwins([job("one", "web"), job("two", "web", "other")]);
  });

  test.each(["test", "arn:aws:ecs:us-east-1:123456789012:cluster/test"])(
    "are refused where two templates are one service, its cluster called %s",
    (cluster) => {
      const jobs = [job("web", "web"), job("copy", "web", cluster)];
      expect(() => {
        refuseTwins(jobs);
      }).toThrow(InvalidInputError);
      expect(() => {
        refuseTwins(jobs);
      }).toThrow("Templates web and copy both name service web in cluster test.");
    },
  );
});
