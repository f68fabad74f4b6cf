/**
 * The part of the ELBv2 API that is ours: targets and their health.
 */
import { randomUUID } from "node:crypto";

import XMLBuilder from "fast-xml-builder";

import { lookAtServicesOf } from "../ecs/wake.ts";
import { describeHealth } from "../elb/health.ts";
import type { TargetGroupRecord } from "../elb/state.ts";
import { deregisterTarget, portOf, registerTarget } from "../elb/targets.ts";
import type { Transaction } from "../world/transaction.ts";
import type { ApiRequest, ApiResponse } from "./request.ts";
import type { RegionServices } from "./region-services.ts";

interface RequestedTarget {
  readonly id: string;
  readonly port: number | undefined;
  readonly availabilityZone: string | undefined;
}

type Answer = Record<string, unknown>;

const handlers: Readonly<
  Record<string, (transaction: Transaction, group: TargetGroupRecord, targets: RequestedTarget[]) => Answer>
> = {
  RegisterTargets: ({ state, now }, group, targets) => {
    for (const { port, ...target } of targets) {
      registerTarget(state, now, group.arn, { ...target, port: portOf(group, port) });
    }
    return {};
  },
  DeregisterTargets: ({ state, now }, group, targets) => {
    for (const { id, port } of targets) {
      deregisterTarget(state, now, group.arn, { id, port: portOf(group, port) });
    }
    lookAtServicesOf(state, now, group.arn);
    return {};
  },
  DescribeTargetHealth: ({ state }, group, targets) => {
    const registered = Object.values(state.elb.targets[group.arn] ?? {});
    const asked = targets.length > 0 ? targets : registered;
    return {
      TargetHealthDescriptions: {
        member: asked.map(({ id, port: askedPort, availabilityZone }) => {
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
          };
        }),
      },
    };
  },
};

/** Whether a call is about targets, and so answered here rather than by moto. */
export function isAboutTargets(call: ApiRequest): boolean {
  return call.service === "elasticloadbalancing" && Object.hasOwn(handlers, call.operation ?? "");
}

/** Answers RegisterTargets, DeregisterTargets and DescribeTargetHealth. */
export function answerAboutTargets({ region }: RegionServices, call: ApiRequest): ApiResponse {
  const name = call.operation ?? "";
  const arn = call.form.get("TargetGroupArn") ?? "";
  const group = region.state.elb.targetGroups[arn];
  const handler = handlers[name];
  if (!group || !handler) {
    return xml(400, "ErrorResponse", {
      Error: {
        Type: "Sender",
        Code: "TargetGroupNotFound",
        Message: "One or more target groups not found",
      },
      RequestId: randomUUID(),
    });
  }
  const result = region.transact((transaction) => handler(transaction, group, requestedTargets(call.form)));
  return xml(200, `${name}Response`, {
    [`${name}Result`]: result,
    ResponseMetadata: { RequestId: randomUUID() },
  });
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

const builder = new XMLBuilder({ ignoreAttributes: false });

function xml(statusCode: number, root: string, content: Answer): ApiResponse {
  const namespace = "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/";
  return {
    statusCode,
    headers: { "content-type": "text/xml" },
    body: builder.build({ [root]: { "@_xmlns": namespace, ...content } }),
  };
}
