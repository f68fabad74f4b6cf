/**
 * Which target of a group a request goes to.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html
 */
import type { TargetGroupSettings } from "./settings.ts";
import type { TargetRecord } from "./state.ts";

/** What a choice among targets looks at, besides the targets. */
export interface ChoiceContext {
  /** Milliseconds on the scaled clock, for slow start. */
  readonly now: number;
  /** How many requests the group has had. */
  readonly turn: number;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly draw: number;
  /** How many requests of a target are not answered yet. */
  readonly outstanding: (target: TargetRecord) => number;
}

type Targets = Readonly<Record<string, TargetRecord>>;

const known = new WeakMap<Targets, readonly TargetRecord[]>();

/**
 * The targets that get requests: the healthy ones; with none healthy every registered one, since a load balancer
 * fails open. Only a group whose targets are all unused answers 503, so one that is yet to be checked does not.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-503-issues
 */
export function eligibleTargets(targets: Targets): readonly TargetRecord[] {
  const before = known.get(targets);
  if (before) return before;
  const usable = Object.values(targets).filter(({ instanceState }) => instanceState === undefined);
  const healthy = usable.filter(({ state }) => state === "healthy");
  const eligible = healthy.length > 0 ? healthy : usable.filter(({ state }) => state !== "draining");
  known.set(targets, eligible);
  return eligible;
}

/** The target for the next request, by the group's algorithm; undefined when there is none. */
export function chooseTarget(
  targets: readonly TargetRecord[],
  { algorithm, slowStartMs }: TargetGroupSettings,
  context: ChoiceContext,
): TargetRecord | undefined {
  if (algorithm === "least_outstanding_requests") return leastBusy(targets, context);
  const shares = slowStartMs > 0 ? targets.map((target) => share(target, slowStartMs, context.now)) : [];
  if (shares.some((part) => part < 1)) return byShare(targets, shares, context.draw);
  const place =
    algorithm === "weighted_random"
      ? Math.floor(context.draw * targets.length)
      : context.turn % targets.length;
  return targets[place];
}

/** Of those with the fewest requests under way, the next in turn. */
function leastBusy(
  targets: readonly TargetRecord[],
  { turn, outstanding }: ChoiceContext,
): TargetRecord | undefined {
  const counts = targets.map(outstanding);
  const least = Math.min(...counts);
  const idlest = targets.filter((_target, index) => counts[index] === least);
  return idlest[turn % Math.max(1, idlest.length)];
}

/** The smallest share of a target that has just become healthy. */
const firstShare = 0.01;

function share({ slowStartedAt }: TargetRecord, slowStartMs: number, now: number): number {
  if (slowStartedAt === undefined) return 1;
  return Math.min(1, Math.max(firstShare, (now - slowStartedAt) / slowStartMs));
}

function byShare(
  targets: readonly TargetRecord[],
  shares: readonly number[],
  draw: number,
): TargetRecord | undefined {
  let rest = draw * shares.reduce((sum, part) => sum + part, 0);
  return (
    targets.find((_target, index) => {
      rest -= shares[index] ?? 0;
      return rest < 0;
    }) ?? targets.at(-1)
  );
}
