import type { PlannedChange } from "./plan-json.ts";

/** What a change in place brings with it beyond the resource itself, in one sentence; undefined where that is nothing. */
export function consequenceOf(
  { type, change }: PlannedChange,
  changed: ReadonlySet<string>,
): string | undefined {
  if (type !== "aws_autoscaling_group") return undefined;
  if (!changed.has("launch_template") && !changed.has("mixed_instances_policy")) return undefined;
  const { instance_refresh: refresh } = change.after as Readonly<Record<string, unknown>>;
  return Array.isArray(refresh) && refresh.length > 0
    ? "Its hosts are replaced by an instance refresh, which goes on after the apply; each is drained first."
    : "Hosts that are there stay as they are; those that come later are the new ones.";
}
