/**
 * Instance refreshes of auto-scaling groups, which moto lacks. How they go on is in hosts/refresh.ts.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_StartInstanceRefresh.html
 */
import { z } from "zod";

import type { AutoScalingGroupRecord } from "../ecs/state.ts";
import { activeRefresh, type InstanceRefreshRecord } from "../hosts/refresh-state.ts";
import { beginRefresh, cancelRefresh, percentageComplete } from "../hosts/refresh.ts";
import { refusedAs } from "./error-answer.ts";
import { forwardTo } from "./forward.ts";
import { queryAnswer } from "./query-answer.ts";
import type { ApiRequest, ApiResponse } from "./request.ts";
import type { RegionServices } from "./region-services.ts";

/** A call about the instance refreshes of a group that is there. */
interface RefreshCall {
  readonly services: RegionServices;
  readonly call: ApiRequest;
  readonly group: AutoScalingGroupRecord;
  readonly motoPort: number;
}

type Handler = (call: RefreshCall) => Promise<ApiResponse> | ApiResponse;

const handlers: Readonly<Record<string, Handler>> = {
  StartInstanceRefresh: start,
  DescribeInstanceRefreshes: describe,
  CancelInstanceRefresh: cancel,
};

/** Answers a call about instance refreshes. */
export async function answerAboutRefreshes(
  services: RegionServices,
  call: ApiRequest,
  motoPort: number,
): Promise<ApiResponse> {
  const handler = handlers[call.operation ?? ""];
  if (handler === undefined)
    throw new TypeError(`${String(call.operation)} is not about instance refreshes.`);
  await services.synchronize("hosts");
  const group = services.region.state.ecs.autoScalingGroups?.[call.form.get("AutoScalingGroupName") ?? ""];
  return group === undefined
    ? refusedAs("ValidationError", call, "AutoScalingGroup name not found")
    : handler({ services, call, group, motoPort });
}

const flag = z
  .enum(["true", "false"])
  .transform((value) => value === "true")
  .default(false);

const preferencesInForm = z
  .object({
    MinHealthyPercentage: z.coerce.number().int().min(0).max(100).default(90),
    MaxHealthyPercentage: z.coerce.number().int().min(100).max(200).default(100),
    InstanceWarmup: z.coerce.number().int().min(0).nullable().default(null),
    SkipMatching: flag,
    AutoRollback: flag,
    ScaleInProtectedInstances: z.enum(["Refresh", "Ignore", "Wait"]).default("Wait"),
    // Instances in standby are not known here.
    StandbyInstances: z.enum(["Terminate", "Ignore", "Wait"]).exactOptional(),
  })
  .strict()
  .refine((given) => given.MaxHealthyPercentage - given.MinHealthyPercentage <= 100, {
    message: "The difference between the maximum and the minimum healthy percentage can't exceed 100",
  });

async function start({ services, call, group: { name }, motoPort }: RefreshCall): Promise<ApiResponse> {
  const { region } = services;
  const strategy = call.form.get("Strategy") ?? "Rolling";
  if (strategy !== "Rolling") {
    return refusedAs("ValidationError", call, `The local AWS knows strategy Rolling only, not ${strategy}.`);
  }
  const parsed = preferencesInForm.safeParse(below(call.form, "Preferences."));
  if (!parsed.success) return refusedAs("ValidationError", call, inWords(parsed.error));
  if (activeRefresh(region.state, name)) {
    const message =
      "An Instance Refresh is already in progress and blocks the execution of this Instance Refresh.";
    return refusedAs("InstanceRefreshInProgress", call, message);
  }
  const refusal = await takeDesiredConfiguration(services, call, motoPort);
  if (refusal) return refusal;
  const { data } = parsed;
  const preferences: InstanceRefreshRecord["preferences"] = {
    minHealthyPercentage: data.MinHealthyPercentage,
    maxHealthyPercentage: data.MaxHealthyPercentage,
    instanceWarmup: data.InstanceWarmup,
    skipMatching: data.SkipMatching,
    autoRollback: data.AutoRollback,
    scaleInProtectedInstances: data.ScaleInProtectedInstances,
  };
  const InstanceRefreshId = region.transact((transaction) => beginRefresh(transaction, name, preferences));
  return queryAnswer(call, { InstanceRefreshId });
}

/** Gives the group the launch template, or mixed instances policy, that its new instances are to have. */
async function takeDesiredConfiguration(
  services: RegionServices,
  call: ApiRequest,
  motoPort: number,
): Promise<ApiResponse | null> {
  const configuration = below(call.form, "DesiredConfiguration.");
  if (Object.keys(configuration).length === 0) return null;
  const form = new URLSearchParams({
    Action: "UpdateAutoScalingGroup",
    Version: "2011-01-01",
    AutoScalingGroupName: call.form.get("AutoScalingGroupName") ?? "",
    ...configuration,
  });
  const answer = await forwardTo(motoPort, {
    ...call,
    operation: "UpdateAutoScalingGroup",
    form,
    body: Buffer.from(form.toString()),
  });
  if (answer.statusCode >= 400) return answer;
  await services.synchronize("hosts");
  return null;
}

function describe({ services: { region }, call, group }: RefreshCall): ApiResponse {
  const asked = [...call.form].flatMap(([key, id]) =>
    key.startsWith("InstanceRefreshIds.member.") ? [id] : [],
  );
  const found = Object.values(region.state.ecs.instanceRefreshes ?? {}).filter(
    (refresh) => refresh.group === group.name && (asked.length === 0 || asked.includes(refresh.id)),
  );
  const time = (instant: number) => region.clock.toDate(instant).toISOString();
  const member = found.toReversed().map((refresh) => ({
    InstanceRefreshId: refresh.id,
    AutoScalingGroupName: refresh.group,
    Strategy: "Rolling",
    Status: refresh.status,
    ...(refresh.statusReason !== null && { StatusReason: refresh.statusReason }),
    StartTime: time(refresh.startedAt),
    ...(refresh.endedAt !== null && { EndTime: time(refresh.endedAt) }),
    PercentageComplete: percentageComplete(refresh),
    InstancesToUpdate: refresh.toReplace.length + refresh.leaving.length,
    Preferences: {
      MinHealthyPercentage: refresh.preferences.minHealthyPercentage,
      MaxHealthyPercentage: refresh.preferences.maxHealthyPercentage,
      InstanceWarmup: refresh.preferences.instanceWarmup ?? (group.warmup ?? 0) / 1000,
      SkipMatching: refresh.preferences.skipMatching,
      AutoRollback: refresh.preferences.autoRollback,
      ScaleInProtectedInstances: refresh.preferences.scaleInProtectedInstances,
    },
  }));
  return queryAnswer(call, { InstanceRefreshes: member.length === 0 ? "" : { member } });
}

function cancel({ services: { region }, call, group }: RefreshCall): ApiResponse {
  const InstanceRefreshId = region.transact((transaction) => cancelRefresh(transaction, group.name));
  return InstanceRefreshId === null
    ? refusedAs("ActiveInstanceRefreshNotFound", call, "No in progress or pending Instance Refresh found")
    : queryAnswer(call, { InstanceRefreshId });
}

/** The fields of a form whose names begin alike, without that beginning. */
function below(form: URLSearchParams, beginning: string): Record<string, string> {
  const fields = [...form].filter(([key]) => key.startsWith(beginning));
  return Object.fromEntries(fields.map(([key, value]) => [key.slice(beginning.length), value]));
}

function inWords({ issues }: z.ZodError): string {
  return issues
    .map((issue) =>
      issue.code === "unrecognized_keys"
        ? `The local AWS does not know these preferences of an instance refresh: ${issue.keys.join(", ")}.`
        : [...issue.path, issue.message].join(": "),
    )
    .join(" ");
}
