import type { ApiRequest, ApiResponse } from "../gateway/request.ts";
import { decodeCbor } from "../iam/requests/cbor.ts";
import { parametersOf } from "../iam/requests/parameters.ts";

/** Members that say which thing a call is about; none of them ever holds a secret. */
const telling = [
  "cluster",
  "clusterName",
  "service",
  "serviceName",
  "services",
  "family",
  "taskDefinition",
  "desiredCount",
  "forceNewDeployment",
  "tasks",
  "task",
  "serviceDeploymentArn",
  "applicationName",
  "deploymentGroupName",
  "deploymentId",
  "Name",
  "LoadBalancerName",
  "TargetGroupArn",
  "ListenerArn",
  "RuleArn",
  "RoleName",
  "AutoScalingGroupName",
  "AlarmName",
  "AlarmNames",
  "StateValue",
  "logGroupName",
  "SecretId",
  "UserName",
  "VpcId",
  "GroupId",
] as const;

/** What the timeline tells of a call and its answer: enough to find it, and nothing that could be a secret. */
export function tellCall(
  call: ApiRequest,
  answer: ApiResponse | null,
  milliseconds: number,
): Record<string, unknown> {
  const error = answer && answer.statusCode >= 400 ? errorCode(answer) : undefined;
  return {
    service: call.service,
    operation: call.operation ?? `${call.method} ${call.url.split("?")[0] ?? ""}`,
    region: call.region,
    ...(call.accessKeyId !== null && { accessKeyId: call.accessKeyId }),
    status: answer?.statusCode ?? "no answer",
    ...(error !== undefined && { error }),
    ms: Math.round(milliseconds * 10) / 10,
    about: about(call),
  };
}

function about(call: ApiRequest): Record<string, unknown> {
  const parameters = call.form.size > 0 ? Object.fromEntries(call.form) : parametersOf(call);
  return Object.fromEntries(
    telling.flatMap((name) => (parameters[name] === undefined ? [] : [[name, inShort(parameters[name])]])),
  );
}

/** Thousands of entries are kept, so that none may be large. */
const mostItems = 10;
const longestText = 300;

function inShort(value: unknown): unknown {
  if (typeof value === "string")
    return value.length > longestText ? `${value.slice(0, longestText)}…` : value;
  if (!Array.isArray(value)) return typeof value === "object" ? undefined : value;
  const more = value.length - mostItems;
  return [...value.slice(0, mostItems).map(inShort), ...(more > 0 ? [`… and ${more} more`] : [])];
}

function errorCode({ body, headers }: ApiResponse): string | undefined {
  const named = headers["x-amzn-errortype"];
  if (typeof named === "string") return named;
  if (String(headers["content-type"]).includes("cbor")) return errorCodeOfCbor(Buffer.from(body));
  const text = body.toString();
  return /"__type":\s*"(?:[^"]*#)?([^"]+)"/.exec(text)?.[1] ?? /<Code>([^<]+)/.exec(text)?.[1];
}

function errorCodeOfCbor(body: Buffer): string | undefined {
  try {
    const { __type: type } = decodeCbor(body) as { __type?: unknown };
    return typeof type === "string" ? type.slice(type.lastIndexOf("#") + 1) : undefined;
  } catch {
    return undefined;
  }
}
