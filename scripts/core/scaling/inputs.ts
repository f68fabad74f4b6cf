import { shortName } from "../short-name.ts";
import type { WantedAutoscaling } from "./wanted.ts";

/** What says which service is scaled, in every call of Application Auto Scaling. */
export function desiredCountOf(cluster: string, service: string) {
  return {
    ServiceNamespace: "ecs",
    ScalableDimension: "ecs:service:DesiredCount",
    ResourceId: `service/${shortName(cluster)}/${shortName(service)}`,
  } as const;
}

/** The inputs of the calls that bring a service's scaling to what a template asks for, where nothing is there yet. */
export function scalingInputs(wanted: WantedAutoscaling, cluster: string, service: string): object {
  const of = desiredCountOf(cluster, service);
  if (wanted.kind === "none") return { deregisterScalableTarget: of };
  const { ScalingPolicies = [], ScheduledActions = [], ...target } = wanted.settings;
  return {
    registerScalableTarget: { ...of, ...target },
    ...(ScalingPolicies.length === 0
      ? {}
      : { putScalingPolicy: ScalingPolicies.map((policy) => ({ ...policy, ...of })) }),
    ...(ScheduledActions.length === 0
      ? {}
      : { putScheduledAction: ScheduledActions.map((action) => ({ ...action, ...of })) }),
  };
}
