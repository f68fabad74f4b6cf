import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

import { CreateRoleCommand, DeleteRoleCommand } from "@aws-sdk/client-iam";

import { given } from "./clients.ts";
import type { Context } from "./context.ts";

/** An archive with no file in it: nothing of a function is run. */
const emptyZip = Buffer.from("504b0506".padEnd(44, "0"), "hex").toString("base64");

/**
 * Makes a Lambda function of the local AWS whose events come to the case itself.
 *
 * @param answer gets an event and gives the function's answer
 * @returns the function's ARN
 */
export async function makeFunction(context: Context, answer: (event: never) => unknown): Promise<string> {
  const FunctionName = context.name();
  const server = createServer((request, response) => {
    void (async () => {
      const event = await json(request);
      // An event's form is what the case asks for, so it says so itself.
      response.end(JSON.stringify((await answer(event as never)) ?? null));
    })().catch((error: unknown) => {
      response.statusCode = 500;
      response.end(String(error));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  context.afterwards(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  const { endpoint = "", region } = context.target;
  // There is no client of Lambda here: the suite needs this one call of it, and against the local AWS only.
  const created = await fetch(`${endpoint}/2015-03-31/functions`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `AWS4-HMAC-SHA256 Credential=test/20250101/${region}/lambda/aws4_request, SignedHeaders=host, Signature=none`,
    },
    body: JSON.stringify({
      FunctionName,
      Role: await makeRole(context, "lambda.amazonaws.com"),
      Runtime: "nodejs20.x",
      Handler: "index.handler",
      Code: { ZipFile: emptyZip },
      Environment: { Variables: { SLIPWAY_HOOK_URL: `http://127.0.0.1:${port}/` } },
    }),
  });
  return given(((await created.json()) as { FunctionArn?: string }).FunctionArn, "a function's ARN");
}

/** Makes a role without policies that a service may assume. @returns its ARN */
export async function makeRole(context: Context, Service: string): Promise<string> {
  const RoleName = context.name();
  const { iam } = context.clients;
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" }],
      }),
    }),
  );
  context.afterwards(() => iam.send(new DeleteRoleCommand({ RoleName })));
  return given(Role?.Arn, "a role's ARN");
}

/** Why cases with functions of the suite's own run against a local AWS only. */
export const ownFunctions = "the suite itself answers for its Lambda functions, which AWS cannot reach";
