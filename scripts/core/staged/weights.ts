import type { WeightedGroup } from "./model.ts";

/** A rule's action forwards to at most so many target groups. */
const mostGroups = 5;

/**
 * The target groups of the live rule with a share for the one that is to have it. The other share goes to the one
 * that gives it up. Groups without traffic stay at weight 0, so that their targets are still checked and going back
 * is one call; where there are too many, the last of them leave.
 *
 * @param percent above 0, at most 100, in tenths
 * @param others without traffic, the ones to keep first
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ForwardActionConfig.html
 */
export function weightedGroups(
  incoming: string,
  percent: number,
  outgoing: string | undefined,
  others: readonly string[] = [],
): readonly WeightedGroup[] {
  const tenths = Math.round(percent * 10);
  // Weights end at 999: whole per cents out of 100, tenths out of 1000.
  const share = tenths % 10 === 0 ? tenths / 10 : tenths;
  const whole = tenths % 10 === 0 ? 100 : 1000;
  const sharing = [
    { targetGroupArn: incoming, weight: share },
    ...(outgoing === undefined ? [] : [{ targetGroupArn: outgoing, weight: whole - share }]),
  ];
  const idle = others
    .filter((arn) => arn !== incoming && arn !== outgoing)
    .map((targetGroupArn) => ({ targetGroupArn, weight: 0 }));
  return [...sharing, ...idle].slice(0, mostGroups);
}

/** Whether two lists send the same shares to the same groups, whatever their order. */
export function isSameSharing(left: readonly WeightedGroup[], right: readonly WeightedGroup[]): boolean {
  return (
    left.length === right.length &&
    left.every(({ targetGroupArn, weight }) =>
      right.some((other) => other.targetGroupArn === targetGroupArn && other.weight === weight),
    )
  );
}
