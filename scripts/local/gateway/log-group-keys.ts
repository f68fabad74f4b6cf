/**
 * The KMS keys that log groups get, or lose, after they were made, which moto can't do.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_AssociateKmsKey.html
 */
import { z } from "zod";

import { forwardTo } from "./forward.ts";
import { jsonAnswer, jsonError } from "./json-answer.ts";
import type { ApiRequest, ApiResponse } from "./request.ts";

const association = z.object({
  logGroupName: z.string().exactOptional(),
  /** The group's ARN. */
  resourceIdentifier: z.string().exactOptional(),
  kmsKeyId: z.string().exactOptional(),
});

const groups = z.looseObject({
  logGroups: z.array(z.looseObject({ logGroupName: z.string(), kmsKeyId: z.string().exactOptional() })),
});

const oneGroup = z.object({ logGroupName: z.string() });

/** The log groups of every Region whose key is another than moto knows. */
export class LogGroupKeys {
  /** By Region and name; null for a group that has none any more. */
  readonly #keys = new Map<string, string | null>();

  /** Answers AssociateKmsKey and DisassociateKmsKey. */
  async answer(call: ApiRequest, motoPort: number): Promise<ApiResponse> {
    const input = association.parse(JSON.parse(String(call.body)));
    const name = input.logGroupName ?? /:log-group:([^:]+)/.exec(input.resourceIdentifier ?? "")?.[1] ?? "";
    if (!(await exists(call, name, motoPort))) {
      return jsonError("ResourceNotFoundException", "The specified log group does not exist.");
    }
    this.#keys.set(
      `${call.region} ${name}`,
      call.operation === "AssociateKmsKey" ? (input.kmsKeyId ?? null) : null,
    );
    return jsonAnswer({});
  }

  /** What moto answers about log groups, with the keys that they have. */
  complete(call: ApiRequest, answer: ApiResponse): ApiResponse {
    if (call.service !== "logs" || answer.statusCode >= 400 || this.#keys.size === 0) return answer;
    if (call.operation === "CreateLogGroup" || call.operation === "DeleteLogGroup") {
      const { logGroupName } = oneGroup.parse(JSON.parse(String(call.body)));
      this.#keys.delete(`${call.region} ${logGroupName}`);
    }
    if (call.operation !== "DescribeLogGroups") return answer;
    const told = groups.parse(JSON.parse(String(answer.body)));
    const logGroups = told.logGroups.map(({ kmsKeyId, ...group }) => {
      const changed = this.#keys.get(`${call.region} ${group.logGroupName}`);
      const key = changed === undefined ? kmsKeyId : (changed ?? undefined);
      return { ...group, ...(key !== undefined && { kmsKeyId: key }) };
    });
    return { ...answer, body: JSON.stringify({ ...told, logGroups }) };
  }
}

async function exists(call: ApiRequest, name: string, motoPort: number): Promise<boolean> {
  const answer = await forwardTo(motoPort, {
    ...call,
    operation: "DescribeLogGroups",
    headers: { ...call.headers, "x-amz-target": "Logs_20140328.DescribeLogGroups" },
    body: Buffer.from(JSON.stringify({ logGroupNamePrefix: name })),
  });
  const { logGroups } = groups.parse(JSON.parse(String(answer.body)));
  return logGroups.some(({ logGroupName }) => logGroupName === name);
}
