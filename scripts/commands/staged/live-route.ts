import { isAwsError } from "../../aws/call.ts";
import { liveRulePriorities } from "../../core/environments/rule-priorities.ts";
import { RefusedError } from "../../core/errors.ts";
import type { TrafficPort } from "../../core/ports/traffic.ts";
import {
  stagedTags,
  type LiveRule,
  type ObservedApplication,
  type StagedDeployment,
  type WeightedGroup,
} from "../../core/staged/model.ts";
import { hostsOf, prioritiesOf } from "../../core/staged/rules.ts";
import type { MoveRun } from "./move-run.ts";

/** Others may take the priority that looked free, each time anew. */
const mostTries = 20;

/**
 * The live host must not belong to anybody else on the listener: whichever rule comes first would get its requests.
 *
 * @throws RefusedError that names the rule
 */
export async function refuseForeignRule(observed: ObservedApplication, traffic: TrafficPort): Promise<void> {
  const { listener, liveRule, place, application } = observed;
  if (liveRule !== undefined || listener === undefined) return;
  const rules = await traffic.rules(listener.arn);
  const foreign = rules.find((rule) => hostsOf(rule).includes(place.liveHost));
  if (foreign === undefined) return;
  throw new RefusedError(
    `Host ${place.liveHost} has a rule already that is not ${application}'s: ${foreign.RuleArn ?? "?"} with priority ${foreign.Priority ?? "?"}. Take it away, or set another blueGreen.host in environments.jsonc. Nothing was changed.`,
  );
}

/**
 * Makes the rule of the live host, at a priority that is free.
 *
 * @throws AwsCallError; RefusedError where there is no listener, or none of the priorities is free
 */
export async function createLiveRule(
  observed: ObservedApplication,
  groups: readonly WeightedGroup[],
  { traffic, mayWrite }: MoveRun,
): Promise<LiveRule> {
  const { listener, environment, application, place } = observed;
  if (listener === undefined) {
    throw new RefusedError(
      `${application} has no listener on its load balancer. ./deploy stage ${application} makes it.`,
    );
  }
  for (let tries = 0; tries < mostTries; tries += 1) {
    const taken = tries === 0 ? listener.priorities : prioritiesOf(await traffic.rules(listener.arn));
    const priority = freePriority(taken);
    if (priority === undefined) break;
    mayWrite();
    const arn = await traffic.createRule({
      listenerArn: listener.arn,
      priority,
      host: place.liveHost,
      groups,
      tags: {
        [stagedTags.environment]: environment,
        [stagedTags.application]: application,
        [stagedTags.route]: "live",
      },
    });
    if (arn !== undefined) return { arn, listenerArn: listener.arn, hosts: [place.liveHost], groups };
  }
  throw new RefusedError(
    `None of the priorities from ${liveRulePriorities.first} to ${liveRulePriorities.last} could be had for the rule of ${place.liveHost}. Take rules away that nobody needs.`,
  );
}

function freePriority(taken: ReadonlySet<number>): number | undefined {
  const { first, last } = liveRulePriorities;
  for (let priority = first; priority <= last; priority += 1) if (!taken.has(priority)) return priority;
  return undefined;
}

/**
 * Makes the live host's record where there is none. One that points elsewhere is somebody's decision and stays.
 *
 * @throws AwsCallError
 */
export async function ensureLiveRecord(
  { place: { hostedZoneId, liveHost, dnsName, zoneId }, application }: ObservedApplication,
  { context, mayWrite }: MoveRun,
): Promise<void> {
  if (hostedZoneId === undefined) return;
  const { recordsPort } = await import("../../aws/records.ts");
  const records = context.connect(recordsPort);
  const there = await records.alias(hostedZoneId, liveHost);
  if (there !== undefined && isSameName(there.dnsName, dnsName)) return;
  if (there === undefined) {
    mayWrite();
    if (await records.create(hostedZoneId, { host: liveHost, dnsName, zoneId })) return;
  }
  const where = there === undefined ? "is not one of the load balancer's" : `points to ${there.dnsName}`;
  context.emit({
    type: "warning",
    message: `The DNS record of ${liveHost} ${where}, and was left so. ${application}'s traffic comes through ${dnsName}.`,
  });
}

function isSameName(host: string, dnsName: string): boolean {
  return host.replace(/^dualstack\./, "").toLowerCase() === dnsName.toLowerCase();
}

/**
 * Deletes the live host's record where it is the load balancer's and no other rule answers for the host.
 *
 * @throws AwsCallError
 */
export async function removeLiveRecord(
  { place: { hostedZoneId, liveHost, dnsName, loadBalancerArn }, liveRule }: ObservedApplication,
  { context, traffic, mayWrite }: Pick<MoveRun, "context" | "traffic" | "mayWrite">,
): Promise<void> {
  if (hostedZoneId === undefined) return;
  const { recordsPort } = await import("../../aws/records.ts");
  const records = context.connect(recordsPort);
  const record = await records.alias(hostedZoneId, liveHost);
  if (record === undefined) return;
  const stays = (why: string): void => {
    context.emit({ type: "note", message: `the DNS record of ${liveHost} stays: ${why}` });
  };
  if (!isSameName(record.dnsName, dnsName)) {
    stays(`it points to ${record.dnsName}`);
    return;
  }
  const listeners = await traffic.listeners(loadBalancerArn);
  const rules = await Promise.all(listeners.map(({ ListenerArn = "" }) => traffic.rules(ListenerArn)));
  const other = rules
    .flat()
    .find((rule) => rule.RuleArn !== liveRule?.arn && hostsOf(rule).includes(liveHost));
  if (other !== undefined) {
    stays(`rule ${other.RuleArn ?? "?"} answers for it`);
    return;
  }
  mayWrite();
  try {
    await records.delete(hostedZoneId, record);
  } catch (error) {
    if (!isAwsError(error, "InvalidChangeBatch")) throw error;
    stays("it is not as ./deploy activate makes one");
  }
}

/**
 * Takes a deployment's staged host away: the record first, so that the rule shows that both are still to go.
 *
 * @throws AwsCallError
 */
export async function removeStageRoute(
  { stagedHost }: StagedDeployment,
  ruleArn: string,
  { place: { hostedZoneId } }: ObservedApplication,
  { context, traffic, mayWrite }: MoveRun,
): Promise<void> {
  if (hostedZoneId !== undefined) {
    const { recordsPort } = await import("../../aws/records.ts");
    const records = context.connect(recordsPort);
    const record = await records.alias(hostedZoneId, stagedHost);
    mayWrite();
    if (record !== undefined) {
      await records.delete(hostedZoneId, record);
    }
  }
  mayWrite();
  await traffic.deleteRule(ruleArn);
}
