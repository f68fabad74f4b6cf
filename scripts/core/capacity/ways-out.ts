import { hostsLike } from "./hosts.ts";
import type { Host, Rollout } from "./model.ts";
import { ceilingOf, floorOf, simulate } from "./simulate.ts";

/** More hosts than this are no way out of a single rollout. */
const mostHosts = 20;

interface Situation {
  readonly hosts: readonly Host[];
  readonly rollouts: readonly Rollout[];
}

type Works = (changed: Rollout, added?: readonly Host[]) => boolean;

/**
 * What would get a rollout through that is stuck, each by itself and tried by the same simulation: one sentence a
 * way, with its numbers.
 */
export function waysOut({ hosts, rollouts }: Situation, stuck: Rollout): readonly string[] {
  const index = rollouts.indexOf(stuck);
  const works: Works = (changed, added = []) =>
    simulate([...hosts, ...added], rollouts.with(index, changed))[index]?.isStuck === false;
  return [
    ...moreHosts(hosts, stuck, works),
    ...lowerMinimum(stuck, works),
    ...higherMaximum(stuck, works),
    ...dynamicPorts(stuck, works),
    ...lessMemory(stuck, works),
    ...lessCpu(stuck, works),
    ...sharedHosts(stuck, works),
    ...fewerTasks(stuck, works),
  ];
}

function moreHosts(hosts: readonly Host[], stuck: Rollout, works: Works): readonly string[] {
  if (stuck.isDaemon) return [];
  const providers = stuck.strategy.filter(({ onFargate }) => !onFargate).map(({ provider }) => provider);
  const usable = hosts
    .filter(({ capacityProvider = "" }) => providers.length === 0 || providers.includes(capacityProvider))
    .toSorted((one, other) => other.whole.memoryMiB - one.whole.memoryMiB);
  const [like] = usable;
  if (like === undefined) return [];
  for (let count = 1; count <= mostHosts; count += 1) {
    if (!works(stuck, hostsLike(like, count))) continue;
    const type = like.instanceType === "" ? `like ${like.label}` : `of type ${like.instanceType}`;
    const managed = stuck.strategy.find(({ provider }) => provider === like.capacityProvider)?.isManaged;
    const where =
      providers.length === 0 || like.capacityProvider === undefined
        ? ""
        : managed === true
          ? ` (raise the maximum size of the auto-scaling group of capacity provider ${like.capacityProvider})`
          : ` in the auto-scaling group of capacity provider ${like.capacityProvider}`;
    return [`${count} more ${count === 1 ? "host" : "hosts"} ${type}${where}`];
  }
  return [];
}

function lowerMinimum(stuck: Rollout, works: Works): readonly string[] {
  if (stuck.runsBeside) return [];
  for (let floor = floorOf(stuck) - 1; floor >= 0; floor -= 1) {
    const minimumHealthyPercent = Math.floor((floor * 100) / stuck.desiredCount);
    if (!works({ ...stuck, minimumHealthyPercent })) continue;
    const outage = floor === 0 ? ", with no task running for a while" : "";
    return [
      `minimumHealthyPercent ${minimumHealthyPercent} instead of ${stuck.minimumHealthyPercent}, so that ${stuck.desiredCount - floor} of ${stuck.desiredCount} may stop first${outage}`,
    ];
  }
  return [];
}

function higherMaximum(stuck: Rollout, works: Works): readonly string[] {
  if (stuck.isDaemon || ceilingOf(stuck) > stuck.desiredCount) return [];
  const maximumPercent = Math.ceil(((stuck.desiredCount + 1) * 100) / stuck.desiredCount);
  if (!works({ ...stuck, maximumPercent })) return [];
  return [
    `maximumPercent ${maximumPercent} instead of ${stuck.maximumPercent}, so that a new task may start first`,
  ];
}

function dynamicPorts(stuck: Rollout, works: Works): readonly string[] {
  const { demand } = stuck;
  if (demand.ports.length === 0 || !demand.portsCouldBeDynamic) return [];
  if (!works({ ...stuck, demand: { ...demand, ports: [] } })) return [];
  return [
    `hostPort 0 instead of ${demand.ports.map(portNumber).join(", ")}, so that each task gets a free port`,
  ];
}

function lessMemory(stuck: Rollout, works: Works): readonly string[] {
  const { memoryMiB } = stuck.demand;
  const most = largestThatWorks(memoryMiB, (less) =>
    works({ ...stuck, demand: { ...stuck.demand, memoryMiB: less } }),
  );
  return most === undefined ? [] : [`at most ${most} MiB of memory a task instead of ${memoryMiB}`];
}

function lessCpu(stuck: Rollout, works: Works): readonly string[] {
  const { cpu } = stuck.demand;
  const most = largestThatWorks(cpu, (less) => works({ ...stuck, demand: { ...stuck.demand, cpu: less } }));
  return most === undefined ? [] : [`at most ${most} CPU units a task instead of ${cpu}`];
}

function sharedHosts(stuck: Rollout, works: Works): readonly string[] {
  if (!stuck.distinctInstance || stuck.isDaemon || !works({ ...stuck, distinctInstance: false })) return [];
  return ["no placement constraint distinctInstance, so that an old and a new task may share a host"];
}

/** Fewer tasks are a way for a service that does not run yet, or is being scaled. */
function fewerTasks(stuck: Rollout, works: Works): readonly string[] {
  if (stuck.isDaemon || stuck.old.length > 0) return [];
  const most = largestThatWorks(stuck.desiredCount, (desiredCount) => works({ ...stuck, desiredCount }));
  return most === undefined ? [] : [`desiredCount ${most} instead of ${stuck.desiredCount}`];
}

/** The greatest number from 1 to below `now` that works, given that less never works worse. */
function largestThatWorks(now: number, works: (value: number) => boolean): number | undefined {
  if (now <= 1 || !works(1)) return undefined;
  let [low, high] = [1, now - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (works(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** `8080` of `8080/tcp`. */
export function portNumber(port: string): string {
  return port.split("/")[0] ?? port;
}
