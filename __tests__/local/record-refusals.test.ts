import { expect, test } from "@jest/globals";

import { correctAnswer } from "../../scripts/local/gateway/moto-corrections.ts";

test("a record that is deleted and is not there is refused in Route 53's words, not as malformed", async () => {
  const moto =
    "<Error><Code>InvalidInput</Code><Message>Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found none in Change with [Action=DELETE, Name=a.example.com, Type=A, SetIdentifier=null]</Message></Error>";
  // Only what corrections look at.
  const call = { service: "route53", operation: null, form: new URLSearchParams() };
  const answer = { statusCode: 400, headers: {}, body: moto };
  const { body } = await correctAnswer(0, call as unknown as Parameters<typeof correctAnswer>[1], answer);
  expect(body).toBe(
    "<Error><Code>InvalidChangeBatch</Code><Message>[Tried to delete resource record set [name='a.example.com.', type='A'] but it was not found]</Message></Error>",
  );
});
