/**
 * Scalable targets are moto's, but the services that they scale are ours.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
 */
import { z } from "zod";

import { bringIntoRange } from "../ecs/scaled-range.ts";
import type { Region } from "../region.ts";
import type { State } from "../world/state.ts";
import { refusedAs } from "./error-answer.ts";
import { forwardTo } from "./forward.ts";
import type { ApiRequest, ApiResponse } from "./request.ts";

const registration = z.object({
  ServiceNamespace: z.literal("ecs"),
  ResourceId: z.string(),
  ScalableDimension: z.string().exactOptional(),
  MinCapacity: z.number().exactOptional(),
  MaxCapacity: z.number().exactOptional(),
});

const targets = z.object({
  ScalableTargets: z.array(z.object({ MinCapacity: z.number(), MaxCapacity: z.number() })),
});

/**
 * What AWS answers to the registration of a service that does not exist, or of a new target without its capacities;
 * null where the call is none of these.
 */
export async function refusalOfTarget(
  port: number,
  call: ApiRequest,
  { ecs }: State,
): Promise<ApiResponse | null> {
  if (call.service !== "application-autoscaling" || call.operation !== "RegisterScalableTarget") return null;
  const parsed = registration.safeParse(parsedJson(call.body));
  if (!parsed.success) return null;
  const { ResourceId, MinCapacity, MaxCapacity } = parsed.data;
  const exists = Object.values(ecs.services).some(
    ({ arn, status }) => status !== "INACTIVE" && arn.endsWith(`:${ResourceId}`),
  );
  if (!exists) return refusedAs("ValidationException", call, `ECS service doesn't exist: ${ResourceId}`);
  if (MinCapacity !== undefined && MaxCapacity !== undefined) return null;
  if ((await rangeOf(port, call, parsed.data)) !== undefined) return null;
  return refusedAs(
    "ValidationException",
    call,
    "MinCapacity and MaxCapacity are required to register a new scalable target",
  );
}

/** Does what follows a registration that moto took: AWS brings the service's count into the range at once. */
export async function afterRegistration(
  port: number,
  call: ApiRequest,
  answer: ApiResponse,
  region: Pick<Region, "transact">,
): Promise<void> {
  if (call.service !== "application-autoscaling" || call.operation !== "RegisterScalableTarget") return;
  const parsed = registration.safeParse(parsedJson(call.body));
  if (!parsed.success || answer.statusCode >= 400) return;
  const range = await rangeOf(port, call, parsed.data);
  if (range === undefined) return;
  region.transact((transaction) => {
    bringIntoRange(transaction, parsed.data.ResourceId, {
      least: range.MinCapacity,
      most: range.MaxCapacity,
    });
  });
}

async function rangeOf(
  port: number,
  call: ApiRequest,
  { ResourceId, ScalableDimension }: Pick<z.infer<typeof registration>, "ResourceId" | "ScalableDimension">,
): Promise<{ readonly MinCapacity: number; readonly MaxCapacity: number } | undefined> {
  const known = await forwardTo(port, {
    ...call,
    operation: "DescribeScalableTargets",
    headers: { ...call.headers, "x-amz-target": "AnyScaleFrontendService.DescribeScalableTargets" },
    body: Buffer.from(
      JSON.stringify({ ServiceNamespace: "ecs", ResourceIds: [ResourceId], ScalableDimension }),
    ),
  });
  return targets.parse(parsedJson(known.body)).ScalableTargets[0];
}

/** A target of which nothing was ever suspended says so; moto leaves it out. */
export function withSuspendedState(answer: ApiResponse): ApiResponse {
  const none = {
    DynamicScalingInSuspended: false,
    DynamicScalingOutSuspended: false,
    ScheduledScalingSuspended: false,
  };
  return {
    ...answer,
    body: String(answer.body).replaceAll(
      /"SuspendedState": ?null/g,
      `"SuspendedState": ${JSON.stringify(none)}`,
    ),
  };
}

/** A target that is not registered, or a policy that is not there, is not found; moto calls it invalid. */
export function withNotFound(answer: ApiResponse): ApiResponse {
  const body = String(answer.body);
  if (!/No (?:scalable target|scaling policy) found/.test(body)) return answer;
  return {
    ...answer,
    body: body
      .replace("ValidationException", "ObjectNotFoundException")
      .replace("No scalable target found", "No scalable target registered"),
  };
}

function parsedJson(body: Buffer | string): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    return undefined;
  }
}
