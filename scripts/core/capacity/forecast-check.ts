import type { Check } from "../check.ts";
import type { Forecast } from "./forecast.ts";
import type { Misfit, Rollout, RolloutEnd } from "./model.ts";
import { ceilingOf, floorOf } from "./simulate.ts";
import { portNumber } from "./ways-out.ts";

/** More hosts than this are counted, not named. */
const mostNamed = 3;

/** A forecast as a check: with the numbers, and with the ways out where the rollout would get stuck. */
export function forecastCheck(found: Forecast, cluster: string, notes: readonly string[]): Check {
  const name = `room on the hosts of cluster ${cluster}`;
  const also = notes.length === 0 ? "" : ` ${notes.join(" ")}`;
  switch (found.kind) {
    case "fits":
      return { name, status: "ok", reason: `the rollout finds room on the hosts that there are.${also}` };
    case "grows":
      return {
        name,
        status: "ok",
        reason: `capacity provider ${found.provider} will add ${found.hosts} ${found.hosts === 1 ? "host" : "hosts"}, and then the rollout finds room.${also}`,
      };
    case "growsFromNothing":
      return {
        name,
        status: "ok",
        reason: `capacity provider ${found.provider} has no host yet and may add up to ${found.mayAdd}; how much fits on one is not known.${also}`,
      };
    case "stuck":
      return {
        name,
        status: "failed",
        reason: `${stuckSentence(found.rollout, found.end, cluster)}${also}`,
        remedy: waysSentence(found.ways),
      };
  }
}

function stuckSentence(rollout: Rollout, end: RolloutEnd, cluster: string): string {
  const { desiredCount, minimumHealthyPercent, maximumPercent } = rollout;
  const stay = end.oldTasks === 1 ? "the old one would stay" : `${end.oldTasks} old ones would stay`;
  const where = end.oldTasks === 0 ? "" : `, and ${stay}`;
  const rule =
    rollout.old.length === 0
      ? ""
      : rollout.runsBeside
        ? ` All ${desiredCount} have to run beside the old ones before any of these stops.`
        : ` Of ${desiredCount}, at least ${floorOf(rollout)} must run (minimumHealthyPercent ${minimumHealthyPercent}) and at most ${ceilingOf(rollout)} may (maximumPercent ${maximumPercent}).`;
  return `the rollout would get stuck: ${end.newTasks} of ${desiredCount} new tasks find room${where}.${rule} ${needSentence(rollout)} ${hostsSentence(rollout, end, cluster)}`;
}

function needSentence({ demand }: Rollout): string {
  const parts = [
    `${demand.memoryMiB} MiB of memory`,
    `${demand.cpu} CPU units`,
    ...(demand.gpus === 0 ? [] : [`${demand.gpus} GPU`]),
    ...(demand.ports.length === 0 ? [] : [`host port ${demand.ports.map(portNumber).join(", ")}`]),
    ...(demand.interfaces === 0 ? [] : ["a network interface of its own"]),
  ];
  return `A new task takes ${listed(parts)}.`;
}

function hostsSentence({ strategy }: Rollout, { misfits, candidates }: RolloutEnd, cluster: string): string {
  if (candidates === 0) {
    const providers = strategy.map(({ provider }) => provider);
    return providers.length === 0
      ? `Cluster ${cluster} has no host that takes tasks.`
      : `Capacity provider ${providers.join(", ")} has no host that takes tasks.`;
  }
  if (misfits.length === 0) return "There is room, but the percentages allow neither a start nor a stop.";
  const kinds = [...new Set(misfits.map(({ misfit }) => kindOf(misfit)))];
  const sentences = kinds.map((what) => {
    const hosts = misfits.filter(({ misfit }) => kindOf(misfit) === what);
    const named = hosts.slice(0, mostNamed).map(({ host, misfit }) => `${host.label}${amountOf(misfit)}`);
    const more = hosts.length - named.length;
    return `${what} ${listed([...named, ...(more === 0 ? [] : [`${more} more`])])}`;
  });
  return `${sentences.join("; ")}.`;
}

function kindOf(misfit: Misfit): string {
  switch (misfit.kind) {
    case "attribute":
      return `Attribute ${misfit.name} is not as the task needs it on`;
    case "memberOf":
      return "The memberOf constraint is not met by";
    case "distinctInstance":
      return "A task of the service is already on";
    case "port":
      return `Host port ${portNumber(misfit.port)} is taken on`;
    case "memory":
      return "Too little memory is left on";
    case "cpu":
      return "Too few CPU units are left on";
    case "gpu":
      return "Too few GPUs are left on";
    case "interface":
      return "No network interface is left on";
  }
}

function amountOf(misfit: Misfit): string {
  switch (misfit.kind) {
    case "memory":
      return `: ${misfit.freeMiB} MiB`;
    case "cpu":
    case "gpu":
      return `: ${misfit.free}`;
    case "attribute":
    case "memberOf":
    case "distinctInstance":
    case "port":
    case "interface":
      return "";
  }
}

function waysSentence(ways: readonly string[]): string {
  if (ways.length === 0) {
    return "No single change that was tried (hosts, percentages, ports, size of a task) would get it through; --force deploys all the same.";
  }
  const [only] = ways;
  const choice = ways.length === 1 && only !== undefined ? only : `one of: ${ways.join("; ")}`;
  return `What would get it through: ${choice}. --force deploys all the same.`;
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1) ?? ""}`;
}
