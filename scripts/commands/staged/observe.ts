import { RefusedError } from "../../core/errors.ts";
import { assemble, belongsTo, type ListenerRules } from "../../core/staged/assemble.ts";
import { stagedTags, type ObservedApplication } from "../../core/staged/model.ts";
import { stagedServiceName, targetGroupPrefix, type Application } from "../../core/staged/names.ts";
import { groupsOf } from "../../core/staged/rules.ts";
import type { RunContext } from "../run-context.ts";
import { findPlace, type StagedService } from "./place.ts";

/** The service's name in AWS is the application's. */
export function applicationOf({ address }: StagedService, { environment }: RunContext): Application {
  return { environment: environment.name, application: address.serviceName };
}

/**
 * Looks at an application whose deployments are services of their own: all of them, and who has the traffic. From AWS
 * alone, by reads that change nothing; about ten calls.
 *
 * @throws InvalidInputError where the environment's load balancer can't be found; RefusedError where the listener that
 *   the environments file asks for is another one; AwsCallError
 */
export async function observeApplication(
  service: StagedService,
  context: RunContext,
): Promise<ObservedApplication> {
  const application = applicationOf(service, context);
  const { cluster } = service.address;
  const { listenerArn: stackListenerArn, ...place } = await findPlace(service, context);
  const { trafficPort } = await import("../../aws/traffic.ts");
  const traffic = context.connect(trafficPort);

  const targetGroups = await traffic.targetGroups(targetGroupPrefix(application));
  const groupArns = targetGroups.flatMap(({ TargetGroupArn }) => TargetGroupArn ?? []);
  const loadBalancers = new Set([
    place.loadBalancerArn,
    ...targetGroups.flatMap(({ LoadBalancerArns = [] }) => LoadBalancerArns),
  ]);
  const [groupTags, listeners] = await Promise.all([
    traffic.tags(groupArns),
    Promise.all([...loadBalancers].map((arn) => traffic.listeners(arn))),
  ]);
  const ids = [...groupTags.values()].flatMap((tags) =>
    belongsTo(application, tags) ? (tags[stagedTags.deployment] ?? []) : [],
  );
  const [withRules, services] = await Promise.all([
    Promise.all(
      listeners.flat().map(async (listener): Promise<ListenerRules> => ({
        listener,
        rules: await traffic.rules(listener.ListenerArn ?? ""),
      })),
    ),
    ids.length === 0
      ? []
      : context.ecs.describeServices(
          cluster,
          ids.map((id) => stagedServiceName(application, id)),
        ),
  ]);
  const ruleTags = await traffic.tags(
    withRules.flatMap(({ rules }) =>
      rules
        .filter((rule) => groupsOf(rule).some(({ targetGroupArn }) => groupArns.includes(targetGroupArn)))
        // A default rule can't be tagged.
        .flatMap(({ RuleArn, IsDefault }) => (RuleArn === undefined || IsDefault === true ? [] : [RuleArn])),
    ),
  );
  const listenerArn = listenerFor(service, place.loadBalancerArn, stackListenerArn, withRules);
  return assemble({
    application,
    cluster,
    place,
    ...(listenerArn === undefined ? {} : { listenerArn }),
    targetGroups,
    tags: new Map([...groupTags, ...ruleTags]),
    listeners: withRules,
    services,
  });
}

/** The load balancer's own listener unless the environments file asks for a port; undefined where that has none yet. */
function listenerFor(
  { address, settings }: StagedService,
  loadBalancerArn: string,
  stackListenerArn: string,
  listeners: readonly ListenerRules[],
): string | undefined {
  const { listener: wanted } = settings;
  if (wanted === undefined) return stackListenerArn;
  const found = listeners.find(
    ({ listener }) => listener.LoadBalancerArn === loadBalancerArn && listener.Port === wanted.port,
  )?.listener;
  if (found !== undefined && found.Protocol !== wanted.protocol) {
    throw new RefusedError(
      `The load balancer's listener on port ${wanted.port} has protocol ${found.Protocol ?? "none"}, and blueGreen.listener of ${address.name} asks for ${wanted.protocol}. Change the environments file, or take another port. Nothing was changed.`,
    );
  }
  return found?.ListenerArn;
}
