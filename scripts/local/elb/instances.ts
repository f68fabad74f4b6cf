/**
 * The EC2 instances behind targets of type `instance`.
 */
import { DescribeInstancesCommand, type EC2Client } from "@aws-sdk/client-ec2";

import type { Region } from "../region.ts";
import type { State } from "../world/state.ts";
import type { TargetRecord } from "./state.ts";
import { registering } from "./targets.ts";

/** The states of instances, such as `running`, by id; those that do not exist are left out. */
export async function readInstanceStates(
  ec2: EC2Client,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const filter = { Name: "instance-id", Values: [...ids] };
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters: [filter] }));
  const instances = Reservations.flatMap(({ Instances = [] }) => Instances);
  return new Map(instances.map(({ InstanceId = "", State: state }) => [InstanceId, state?.Name ?? ""]));
}

/** Takes into a region's targets what became of their instances: a stopped one gets no requests. */
export async function synchronizeInstances(region: Region, ec2: EC2Client): Promise<void> {
  const ids = new Set(targetsOnInstances(region.state).map(({ id }) => id));
  if (ids.size === 0) return;
  const states = await readInstanceStates(ec2, [...ids]);
  const changed = targetsOnInstances(region.state).some(
    (target) => target.instanceState !== unusable(states, target),
  );
  if (!changed) return;
  region.transact(({ state }) => {
    for (const target of targetsOnInstances(state)) {
      const instanceState = unusable(states, target);
      if (instanceState === target.instanceState) continue;
      if (instanceState === undefined) {
        delete target.instanceState;
        if (target.state !== "draining") Object.assign(target, registering, { successes: 0, failures: 0 });
      } else target.instanceState = instanceState;
    }
  });
}

function targetsOnInstances({ elb }: State): TargetRecord[] {
  return Object.values(elb.targets)
    .flatMap((targets) => Object.values(targets))
    .filter(({ id }) => id.startsWith("i-"));
}

/** An instance that moto has forgotten was terminated. */
function unusable(
  states: ReadonlyMap<string, string>,
  { id }: TargetRecord,
): "stopped" | "terminated" | undefined {
  const state = states.get(id) ?? "terminated";
  if (state === "stopped" || state === "stopping") return "stopped";
  return state === "terminated" || state === "shutting-down" ? "terminated" : undefined;
}
