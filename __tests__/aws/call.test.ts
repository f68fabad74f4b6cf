import { describe, expect, test } from "@jest/globals";

import { inBatches } from "../../scripts/aws/batches.ts";
import { call, isAwsError } from "../../scripts/aws/call.ts";
import { AwsCallError } from "../../scripts/core/errors.ts";

/** An error as the AWS SDK, or Node underneath it, throws it. */
function thrown(name: string, message: string, code?: string): Error {
  return Object.assign(new Error(message), { name }, code === undefined ? {} : { code });
}

async function failure(error: Error): Promise<AwsCallError> {
  const failed: unknown = await call(
    "ecs:UpdateService",
    () => undefined,
    () => Promise.reject(error),
  ).catch((caught: unknown) => caught);
  if (failed instanceof AwsCallError) return failed;
  throw new Error("no AwsCallError was thrown");
}

describe("a call that fails", () => {
  test.each([
    [thrown("AccessDeniedException", "no"), "AccessDeniedException", "policy does not allow it"],
    [thrown("ThrottlingException", "Rate exceeded"), "ThrottlingException", "run it again"],
    [thrown("Error", "connect", "ECONNREFUSED"), "ECONNREFUSED", "./local start"],
    [thrown("AggregateError", "", "ECONNREFUSED"), "ECONNREFUSED", "could not be reached"],
    [thrown("CredentialsProviderError", "none"), "CredentialsProviderError", "Check the credentials"],
  ])("with %s has AWS's name as its code and says what to do", async (error, code, advice) => {
    const failed = await failure(error);
    expect(failed).toMatchObject({ code, exitCode: 5, source: "aws", cause: error });
    expect(failed.message).toMatch(/^ecs:UpdateService: /);
    expect(failed.message).toContain(advice);
  });

  test("keeps AWS's own words where there is nothing to add", async () => {
    const error = thrown(
      "InvalidParameterException",
      "The container x does not exist in the task definition.",
    );
    expect((await failure(error)).message).toBe(
      "ecs:UpdateService: InvalidParameterException: The container x does not exist in the task definition.",
    );
  });

  test("is told to the observer with its name", async () => {
    const seen: unknown[] = [];
    const rejects = (): Promise<never> =>
      Promise.reject(thrown("ClusterNotFoundException", "Cluster not found."));
    const caught: unknown = await call("ecs:DescribeServices", (one) => seen.push(one), rejects).catch(
      (error: unknown) => error,
    );
    expect(seen).toMatchObject([{ operation: "ecs:DescribeServices", failure: "ClusterNotFoundException" }]);
    expect(isAwsError(caught, "ClusterNotFoundException")).toBe(true);
    expect(isAwsError(caught, "ClientException")).toBe(false);
  });
});

test("batches hold at most what a call takes, and the answers keep their order", async () => {
  const answers = await inBatches([1, 2, 3, 4, 5], 2, async (batch) => {
    // The first batch answers last.
    await new Promise((resolve) => setTimeout(resolve, 10 - 2 * (batch[0] ?? 0)));
    return batch;
  });
  expect(answers).toEqual([[1, 2], [3, 4], [5]]);
});
