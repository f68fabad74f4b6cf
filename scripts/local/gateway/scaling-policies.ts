/**
 * Policies and scheduled actions are moto's, but in AWS they belong to their scalable target: there is none without it,
 * they go with it, and the alarms of a policy go with the policy.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScalingPolicy.html
 * @see https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DeregisterScalableTarget.html
 */
import { z } from "zod";

import { refusedAs } from "./error-answer.ts";
import { forwardTo } from "./forward.ts";
import type { ApiRequest, ApiResponse } from "./request.ts";

const address = z.object({
  ServiceNamespace: z.string(),
  ResourceId: z.string(),
  ScalableDimension: z.string(),
  PolicyName: z.string().exactOptional(),
});
type Address = z.infer<typeof address>;

const targets = z.object({ ScalableTargets: z.array(z.unknown()) });
const policies = z.object({
  ScalingPolicies: z.array(z.looseObject({ ResourceId: z.string(), PolicyName: z.string() })),
});
const actions = z.object({ ScheduledActions: z.array(z.object({ ScheduledActionName: z.string() })) });

/**
 * Does what goes before moto's answer to a call about a scalable target: takes away what goes with it.
 *
 * @returns what AWS answers where there is no such target; null where moto is to answer
 */
export async function beforeScalingCall(port: number, call: ApiRequest): Promise<ApiResponse | null> {
  if (call.service !== "application-autoscaling") return null;
  const parsed = address.safeParse(parsedJson(call.body));
  if (!parsed.success) return null;
  const of = parsed.data;
  switch (call.operation) {
    case "PutScheduledAction":
    case "PutScalingPolicy": {
      const { ScalableTargets } = targets.parse(
        await ask(port, call, "DescribeScalableTargets", {
          ServiceNamespace: of.ServiceNamespace,
          ResourceIds: [of.ResourceId],
          ScalableDimension: of.ScalableDimension,
        }),
      );
      if (ScalableTargets.length === 0) return refusedAs("ObjectNotFoundException", call, notRegistered(of));
      // Moto would leave the alarms of the former one behind.
      if (of.PolicyName !== undefined && (await policiesOf(port, call, of)).includes(of.PolicyName)) {
        await ask(port, call, "DeleteScalingPolicy", of);
      }
      return null;
    }
    case "DeregisterScalableTarget": {
      for (const PolicyName of await policiesOf(port, call, of)) {
        await ask(port, call, "DeleteScalingPolicy", { ...of, PolicyName });
      }
      const { ScheduledActions } = actions.parse(await ask(port, call, "DescribeScheduledActions", of));
      for (const { ScheduledActionName } of ScheduledActions) {
        await ask(port, call, "DeleteScheduledAction", { ...of, ScheduledActionName });
      }
      return null;
    }
    case null:
    default:
      return null;
  }
}

/** Moto gives those of every target whose id begins alike. */
export function onlyOfTarget(call: ApiRequest, answer: ApiResponse): ApiResponse {
  const asked = z.object({ ResourceId: z.string() }).safeParse(parsedJson(call.body));
  const given = policies.safeParse(parsedJson(answer.body));
  if (!asked.success || !given.success) return answer;
  const own = given.data.ScalingPolicies.filter(({ ResourceId }) => ResourceId === asked.data.ResourceId);
  return { ...answer, body: JSON.stringify({ ...Object(parsedJson(answer.body)), ScalingPolicies: own }) };
}

async function policiesOf(port: number, call: ApiRequest, of: Address): Promise<readonly string[]> {
  const { ScalingPolicies } = policies.parse(await ask(port, call, "DescribeScalingPolicies", of));
  return ScalingPolicies.filter(({ ResourceId }) => ResourceId === of.ResourceId).map(
    ({ PolicyName }) => PolicyName,
  );
}

async function ask(port: number, call: ApiRequest, operation: string, input: object): Promise<unknown> {
  const answer = await forwardTo(port, {
    ...call,
    operation,
    headers: { ...call.headers, "x-amz-target": `AnyScaleFrontendService.${operation}` },
    body: Buffer.from(JSON.stringify(input)),
  });
  return parsedJson(answer.body);
}

function notRegistered({ ServiceNamespace, ResourceId, ScalableDimension }: Address): string {
  return `No scalable target registered for service namespace: ${ServiceNamespace}, resource ID: ${ResourceId}, scalable dimension: ${ScalableDimension}`;
}

function parsedJson(body: Buffer | string): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    return undefined;
  }
}
