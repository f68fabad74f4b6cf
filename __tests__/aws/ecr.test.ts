import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { clientSettings } from "../../scripts/aws/client-settings.ts";
import { ecrPort } from "../../scripts/aws/ecr.ts";

/** An ECR that answers every BatchGetImage with one failure. */
let failureCode = "";
const server = createServer((_, response) => {
  response.setHeader("content-type", "application/x-amz-json-1.1");
  response.end(JSON.stringify({ images: [], failures: [{ failureCode, failureReason: "In ECR's words." }] }));
});

beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));

describe("an image that ECR does not answer with", () => {
  const ask = async (code: string): Promise<unknown> => {
    failureCode = code;
    const { port } = server.address() as AddressInfo;
    const settings = {
      ...clientSettings("us-east-1"),
      endpoint: `http://127.0.0.1:${port}`,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    };
    const ecr = ecrPort(settings, () => undefined);
    const repository = { registryId: "123456789012", region: "us-east-1", repository: "web" };
    return ecr.image({ ...repository, tag: "1" });
  };

  test.each(["ImageNotFound", "ImageTagDoesNotMatchDigest", "InvalidImageDigest"])(
    "for %s is not there",
    async (code) => {
      expect(await ask(code)).toBeUndefined();
    },
  );

  test.each(["UpstreamUnavailable", "UpstreamTooManyRequests", "UpstreamAccessDenied", "KmsError"])(
    "for %s may be there all the same",
    async (code) => {
      await expect(ask(code)).rejects.toMatchObject({
        code,
        message: expect.stringContaining(`${code}: In ECR's words.`),
      });
    },
  );
});
