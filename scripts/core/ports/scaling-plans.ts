import type {
  PutScalingPolicyRequest,
  PutScheduledActionRequest,
  ScalingPolicy,
  ScheduledAction,
} from "@aws-sdk/client-application-auto-scaling";

import type { Suspension } from "./auto-scaling.ts";

/** What a service's scaling consists of besides its limits. */
export interface ScalingPlan {
  readonly policies: readonly ScalingPolicy[];
  readonly scheduledActions: readonly ScheduledAction[];
}

/** A policy without the service that it scales. */
export type NewScalingPolicy = Omit<
  PutScalingPolicyRequest,
  "ServiceNamespace" | "ScalableDimension" | "ResourceId"
>;

/** A scheduled action without the service that it scales. */
export type NewScheduledAction = Omit<
  PutScheduledActionRequest,
  "ServiceNamespace" | "ScalableDimension" | "ResourceId"
>;

/**
 * What the deploy script asks of Application Auto Scaling to give a service the scaling of its template, or of another
 * service. Services are named as in AWS; clusters by name or ARN. Every method throws AwsCallError.
 */
export interface ScalingPlansPort {
  /** A service's policies and scheduled actions, all pages. */
  plan(cluster: string, service: string): Promise<ScalingPlan>;
  /** Puts a service's desired count in the hands of Application Auto Scaling, or sets the limits of one that is. */
  register(
    cluster: string,
    service: string,
    target: {
      /** Tasks. */
      readonly minCapacity: number;
      /** Tasks. */
      readonly maxCapacity: number;
      /** Absent where what is suspended stays as it is. */
      readonly suspension?: Suspension;
    },
  ): Promise<void>;
  putPolicy(cluster: string, service: string, policy: NewScalingPolicy): Promise<void>;
  putScheduledAction(cluster: string, service: string, action: NewScheduledAction): Promise<void>;
  /** Deletes a policy with the alarms that AWS made for it; one that is not there is fine. */
  deletePolicy(cluster: string, service: string, name: string): Promise<void>;
  /** Deletes a scheduled action; one that is not there is fine. */
  deleteScheduledAction(cluster: string, service: string, name: string): Promise<void>;
  /**
   * Takes a service out of the hands of Application Auto Scaling, with its policies, their alarms and its scheduled
   * actions; one that is not is fine.
   *
   * @see https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DeregisterScalableTarget.html
   */
  deregister(cluster: string, service: string): Promise<void>;
}
