import { setTimeout } from "node:timers/promises";

import {
  ApplicationAutoScalingClient,
  DeleteScalingPolicyCommand,
  DeleteScheduledActionCommand,
  DeregisterScalableTargetCommand,
  PutScalingPolicyCommand,
  PutScheduledActionCommand,
  RegisterScalableTargetCommand,
  paginateDescribeScalingPolicies,
  paginateDescribeScheduledActions,
  type ScalingPolicy,
  type ScheduledAction,
} from "@aws-sdk/client-application-auto-scaling";

import { suspendedState } from "../core/scaling/comparable.ts";
import type { ScalingPlansPort } from "../core/ports/scaling-plans.ts";
import { desiredCountOf } from "../core/scaling/inputs.ts";
import { call, isAwsError, type CallObserver } from "./call.ts";
import type { ClientSettings } from "./client-settings.ts";
import { paced } from "./paced.ts";

/** Something else of the target is being changed. */
const busy = "ConcurrentUpdateException";
const triesWhileBusy = 5;
const triesAgainAfterMs = 1_000;

/** Policies and scheduled actions through the AWS SDK. */
export function scalingPlansPort(settings: ClientSettings, observe: CallObserver): ScalingPlansPort {
  const client = paced(new ApplicationAutoScalingClient(settings));

  const write = async (operation: string, send: () => Promise<unknown>): Promise<void> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await call(`application-autoscaling:${operation}`, observe, send);
        return;
      } catch (error) {
        if (!isAwsError(error, busy) || attempt === triesWhileBusy) throw error;
        await setTimeout(triesAgainAfterMs);
      }
    }
  };

  /** What is not there need not be taken away. */
  const remove = async (operation: string, send: () => Promise<unknown>): Promise<void> => {
    try {
      await write(operation, send);
    } catch (error) {
      if (!isAwsError(error, "ObjectNotFoundException")) throw error;
    }
  };

  return {
    async plan(cluster, service) {
      const of = desiredCountOf(cluster, service);
      const policies: ScalingPolicy[] = [];
      const scheduledActions: ScheduledAction[] = [];
      await call("application-autoscaling:DescribeScalingPolicies", observe, async () => {
        for await (const page of paginateDescribeScalingPolicies({ client }, of))
          policies.push(...(page.ScalingPolicies ?? []));
      });
      await call("application-autoscaling:DescribeScheduledActions", observe, async () => {
        for await (const page of paginateDescribeScheduledActions({ client }, of))
          scheduledActions.push(...(page.ScheduledActions ?? []));
      });
      return { policies, scheduledActions };
    },

    register: (cluster, service, { minCapacity, maxCapacity, suspension }) =>
      write("RegisterScalableTarget", () =>
        client.send(
          new RegisterScalableTargetCommand({
            ...desiredCountOf(cluster, service),
            MinCapacity: minCapacity,
            MaxCapacity: maxCapacity,
            ...(suspension && { SuspendedState: suspendedState(suspension) }),
          }),
        ),
      ),

    putPolicy: (cluster, service, policy) =>
      write("PutScalingPolicy", () =>
        client.send(new PutScalingPolicyCommand({ ...policy, ...desiredCountOf(cluster, service) })),
      ),

    putScheduledAction: (cluster, service, action) =>
      write("PutScheduledAction", () =>
        client.send(new PutScheduledActionCommand({ ...action, ...desiredCountOf(cluster, service) })),
      ),

    deletePolicy: (cluster, service, name) =>
      remove("DeleteScalingPolicy", () =>
        client.send(
          new DeleteScalingPolicyCommand({ PolicyName: name, ...desiredCountOf(cluster, service) }),
        ),
      ),

    deleteScheduledAction: (cluster, service, name) =>
      remove("DeleteScheduledAction", () =>
        client.send(
          new DeleteScheduledActionCommand({
            ScheduledActionName: name,
            ...desiredCountOf(cluster, service),
          }),
        ),
      ),

    deregister: (cluster, service) =>
      remove("DeregisterScalableTarget", () =>
        client.send(new DeregisterScalableTargetCommand(desiredCountOf(cluster, service))),
      ),
  };
}
