import { firstHealthCheck } from "../ecs/durations.ts";
import { lookAtServicesOf } from "../ecs/wake.ts";
import type { Region } from "../region.ts";
import type { State } from "../world/state.ts";
import { CheckRequests } from "./check-request.ts";
import { isNews, judge, startSlowly, type CheckOutcome } from "./health.ts";
import type { TargetGroupRecord, TargetRecord } from "./state.ts";
import { findTarget, targetGroupsInUse } from "./targets.ts";

/** However fast the clock, a check waits this long for its answer: this machine's slowness is not the target's. */
const shortestTimeoutMs = 2000;

/** A target that is checked again and again. */
interface Watched {
  readonly groupArn: string;
  readonly id: string;
  readonly port: number;
  callOff: () => void;
}

/** Checks the health of every target that a load balancer could send requests to, with real HTTP requests. */
export class HealthChecker {
  readonly #region: Region;
  readonly #requests = new CheckRequests();
  /** By target group, then by `id:port`. */
  readonly #watched = new Map<string, Map<string, Watched>>();
  #closed = false;

  constructor(region: Region) {
    this.#region = region;
    region.onChange((state, before) => {
      this.#reconcile(state, before);
    });
  }

  /** Ends all checks. */
  close(): void {
    this.#closed = true;
    for (const group of this.#watched.values()) for (const { callOff } of group.values()) callOff();
    this.#watched.clear();
    this.#requests.close();
  }

  #reconcile(state: State, before: State): void {
    if (state.elb === before.elb || this.#closed) return;
    const inUse = targetGroupsInUse(state);
    const sameUse = inUse === targetGroupsInUse(before);
    const arns = new Set([...Object.keys(state.elb.targets), ...this.#watched.keys()]);
    for (const arn of arns) {
      const same =
        sameUse &&
        state.elb.targets[arn] === before.elb.targets[arn] &&
        state.elb.targetGroups[arn] === before.elb.targetGroups[arn];
      if (!same) this.#reconcileGroup(arn, inUse.has(arn) ? state : undefined);
    }
  }

  /** @param state where the group's targets are; undefined when none is to be checked */
  #reconcileGroup(arn: string, state: State | undefined): void {
    const watched = this.#watched.get(arn) ?? new Map<string, Watched>();
    const checked = state?.elb.targetGroups[arn]?.healthCheck.enabled === true;
    const targets = checked ? (state.elb.targets[arn] ?? {}) : {};
    for (const [key, { callOff }] of watched) {
      if (isChecked(targets[key])) continue;
      callOff();
      watched.delete(key);
    }
    for (const [key, target] of Object.entries(targets)) {
      if (watched.has(key) || !isChecked(target)) continue;
      const { id, port } = target;
      const watch: Watched = { groupArn: arn, id, port, callOff: () => undefined };
      watched.set(key, watch);
      this.#schedule(watch, this.#region.clock.now() + firstHealthCheck);
    }
    if (watched.size > 0) this.#watched.set(arn, watched);
    else this.#watched.delete(arn);
  }

  #schedule(watch: Watched, instant: number): void {
    const { clock } = this.#region;
    let over = false;
    const callOffTimer = clock.at(instant, () => {
      const checked = this.#check(watch).then((group) => {
        if (over || this.#closed || !group) return;
        // How long an answer takes does not move the next check.
        const next = instant + group.healthCheck.intervalSeconds * 1000;
        this.#schedule(watch, Math.max(next, clock.now()));
      });
      clock.track(checked);
    });
    watch.callOff = () => {
      over = true;
      callOffTimer();
    };
  }

  /** @returns the target's group, undefined when it is gone */
  async #check({ groupArn, id, port }: Watched): Promise<TargetGroupRecord | undefined> {
    const group = this.#region.state.elb.targetGroups[groupArn];
    if (!group) return undefined;
    const outcome = await this.#outcome(group, id, port);
    const target = findTarget(this.#region.state, groupArn, id, port);
    if (this.#closed || !target) return undefined;
    if (isNews(target, group.healthCheck, outcome)) this.#tell(group, id, port, outcome);
    return this.#region.state.elb.targetGroups[groupArn];
  }

  #tell(group: TargetGroupRecord, id: string, port: number, outcome: CheckOutcome): void {
    this.#region.transact(({ state, now }) => {
      const target = findTarget(state, group.arn, id, port);
      if (!target || !judge(target, group.healthCheck, outcome)) return;
      if (target.state === "healthy") startSlowly(state, now, group.arn, target);
      lookAtServicesOf(state, now, group.arn);
    });
  }

  #outcome({ healthCheck }: TargetGroupRecord, id: string, targetPort: number): Promise<CheckOutcome> {
    const port = healthCheck.port === "traffic-port" ? targetPort : Number(healthCheck.port);
    const localPort = this.#region.containers.localPort({ host: id, port });
    if (localPort === undefined) return Promise.resolve({ type: "refused" });
    return this.#requests.send({
      localPort,
      host: `${id}:${port}`,
      path: healthCheck.path,
      timeoutMs: Math.max(shortestTimeoutMs, this.#region.clock.toReal(healthCheck.timeoutSeconds * 1000)),
      overTls: healthCheck.protocol === "HTTPS",
    });
  }
}

function isChecked(target: TargetRecord | undefined): boolean {
  return target !== undefined && target.state !== "draining" && target.instanceState === undefined;
}
