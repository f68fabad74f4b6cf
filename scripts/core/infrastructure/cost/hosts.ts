import type { Resource, ResourceGraph } from "../references.ts";
import type { Assumptions } from "./assumptions.ts";
import { numberIn, records } from "../values.ts";
import { item } from "./item.ts";
import type { CostItem } from "./item.ts";
import type { Prices } from "./prices.ts";

/** Hosts and their volumes: as many as each group starts with, at the price of its first instance type on demand. */
export function hostItems(
  graph: ResourceGraph,
  groups: readonly Resource[],
  prices: Prices,
  { hours }: Assumptions,
): CostItem[] {
  return groups.flatMap((group) => {
    const template = graph
      .referredBy(group.stack, group.attributes)
      .find(({ type }) => type === "aws_launch_template");
    const count = numberIn(group.attributes.desired_capacity) ?? numberIn(group.attributes.min_size) ?? 0;
    const type = instanceType(group, template);
    const known = Object.hasOwn(prices.instances, type) ? prices.instances[type] : undefined;
    const label = `Hosts ${type}${spotRemark(group)}`;
    return [
      ...item(label, count, "hosts", known === undefined ? undefined : known * hours),
      ...volumes(template).flatMap(({ kind, gb }) =>
        item(`Volumes ${kind}`, count * gb, "GB", prices.volumeGb[kind]),
      ),
    ];
  });
}

function instanceType(group: Resource, template: Resource | undefined): string {
  const [override] = records(group.attributes.mixed_instances_policy).flatMap((policy) =>
    records(policy.launch_template).flatMap(({ override: overrides }) => records(overrides)),
  );
  const type = override?.instance_type ?? template?.attributes.instance_type;
  return typeof type === "string" ? type : "of an unknown type";
}

/** Spot prices change by the minute, so they are not here. */
function spotRemark(group: Resource): string {
  const policies = records(group.attributes.mixed_instances_policy);
  const usesSpot = policies.some(({ instances_distribution: distribution }) =>
    records(distribution).some(
      ({ on_demand_percentage_above_base_capacity: share }) => numberIn(share) !== 100,
    ),
  );
  return usesSpot ? ", at the on-demand price though some are Spot" : "";
}

function volumes(template: Resource | undefined): { readonly kind: string; readonly gb: number }[] {
  return records(template?.attributes.block_device_mappings).flatMap(({ ebs }) =>
    records(ebs).map(({ volume_type, volume_size }) => ({
      kind: typeof volume_type === "string" ? volume_type : "gp3",
      gb: numberIn(volume_size) ?? 0,
    })),
  );
}
