/**
 * The revisions to deregister: all but the newest, and never one in use.
 *
 * @param active ARNs of the family's active revisions, newest first
 * @param keep how many of the newest stay, in use or not
 * @param inUse ARNs that must stay whatever their age
 * @returns oldest first
 */
export function revisionsToPrune(
  active: readonly string[],
  keep: number,
  inUse: ReadonlySet<string>,
): readonly string[] {
  return active
    .slice(keep)
    .filter((arn) => !inUse.has(arn))
    .toReversed();
}
