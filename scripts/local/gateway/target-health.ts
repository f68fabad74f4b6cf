/**
 * The part of the ELBv2 API that is ours: targets and their health.
 */
import { lookAtServicesOf } from "../ecs/wake.ts";
import { describeHealth } from "../elb/health.ts";
import type { TargetGroupRecord } from "../elb/state.ts";
import { refusalOf, type Refusal } from "../elb/target-rules.ts";
import { deregisterTarget, portOf, registerTarget } from "../elb/targets.ts";
import type { State } from "../world/state.ts";
import type { Transaction } from "../world/transaction.ts";
import { queryAnswer, queryError } from "./query-answer.ts";
import type { ApiRequest, ApiResponse } from "./request.ts";
import type { RegionServices } from "./region-services.ts";

interface RequestedTarget {
  readonly id: string;
  readonly port: number | undefined;
  readonly availabilityZone: string | undefined;
}

type Answer = Record<string, unknown>;

/** A call about the targets of a group. */
interface TargetCall extends Transaction {
  readonly group: TargetGroupRecord;
  readonly targets: readonly RequestedTarget[];
  readonly form: URLSearchParams;
}

const handlers: Readonly<Record<string, (call: TargetCall) => Answer>> = {
  RegisterTargets: ({ state, now, group, targets }) => {
    for (const { port, ...target } of targets) {
      registerTarget(state, now, group.arn, { ...target, port: portOf(group, port) });
    }
    return {};
  },
  DeregisterTargets: ({ state, now, group, targets }) => {
    for (const { id, port } of targets) {
      deregisterTarget(state, now, group.arn, { id, port: portOf(group, port) });
    }
    lookAtServicesOf(state, now, group.arn);
    return {};
  },
  DescribeTargetHealth: ({ state, group, targets, form }) => {
    const registered = Object.values(state.elb.targets[group.arn] ?? {});
    const asked = targets.length > 0 ? targets : registered;
    const include = ["AnomalyDetection", "All"].includes(form.get("Include.member.1") ?? "");
    const member = asked.map((target) => healthDescription(state, group, target, include));
    return { TargetHealthDescriptions: { member } };
  },
};

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealthDescription.html */
function healthDescription(
  state: State,
  group: TargetGroupRecord,
  {
    id,
    port: askedPort,
    availabilityZone,
  }: Pick<RequestedTarget, "id" | "port"> & { availabilityZone?: unknown },
  withAnomalies: boolean,
): Answer {
  const port = portOf(group, askedPort);
  const health = describeHealth(state, group, id, port);
  return {
    HealthCheckPort: group.healthCheck.port === "traffic-port" ? port : group.healthCheck.port,
    Target: {
      Id: id,
      Port: port,
      ...(typeof availabilityZone === "string" && { AvailabilityZone: availabilityZone }),
    },
    TargetHealth: {
      State: health.state,
      ...(health.reason !== null && { Reason: health.reason }),
      ...(health.description !== null && { Description: health.description }),
    },
    // There is no zonal shift here.
    AdministrativeOverride: {
      State: "no_override",
      Reason: "AdministrativeOverride.NoOverride",
      Description: "No override is currently active on target",
    },
    ...(withAnomalies && { AnomalyDetection: { Result: "normal", MitigationInEffect: "no" } }),
  };
}

/** Whether a call is about targets, and so answered here rather than by moto. */
export function isAboutTargets(call: ApiRequest): boolean {
  return call.service === "elasticloadbalancing" && Object.hasOwn(handlers, call.operation ?? "");
}

/** Answers RegisterTargets, DeregisterTargets and DescribeTargetHealth. */
export async function answerAboutTargets(services: RegionServices, call: ApiRequest): Promise<ApiResponse> {
  const { region } = services;
  const { form } = call;
  const name = call.operation ?? "";
  const group = region.state.elb.targetGroups[form.get("TargetGroupArn") ?? ""];
  const handler = handlers[name];
  if (!group || !handler) {
    return refused({ code: "TargetGroupNotFound", message: "One or more target groups not found" });
  }
  const targets = requestedTargets(form);
  if (name === "RegisterTargets") {
    const ids = group.targetType === "instance" ? targets.map(({ id }) => id) : [];
    const refusal = refusalOf(group, targets, await services.instanceStates(ids));
    if (refusal) return refused(refusal);
  }
  const result = region.transact((transaction) => handler({ ...transaction, group, targets, form }));
  return queryAnswer(call, result);
}

function refused({
  code,
  message,
}: {
  code: Refusal["code"] | "TargetGroupNotFound";
  message: string;
}): ApiResponse {
  return queryError(code, message);
}

function requestedTargets(form: URLSearchParams): RequestedTarget[] {
  const targets: RequestedTarget[] = [];
  for (let index = 1; form.has(`Targets.member.${index}.Id`); index += 1) {
    const field = (name: string) => form.get(`Targets.member.${index}.${name}`) ?? undefined;
    const port = field("Port");
    targets.push({
      id: field("Id") ?? "",
      port: port === undefined ? undefined : Number(port),
      availabilityZone: field("AvailabilityZone"),
    });
  }
  return targets;
}
