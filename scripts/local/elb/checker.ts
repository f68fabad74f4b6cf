import { Agent, get } from "node:http";

import { firstHealthCheck } from "../ecs/durations.ts";
import { lookAtServicesOf } from "../ecs/wake.ts";
import type { Region } from "../region.ts";
import type { State } from "../world/state.ts";
import { judge, type CheckOutcome } from "./health.ts";
import type { TargetGroupRecord, TargetRecord } from "./state.ts";
import { findTarget, targetGroupsInUse, targetKey } from "./targets.ts";

/** However fast the clock, a check waits this long for its answer: this machine's slowness is not the target's. */
const shortestTimeoutMs = 2000;

/** Checks the health of every target that a load balancer could send requests to, with real HTTP requests. */
export class HealthChecker {
  readonly #region: Region;
  /** What calls off the next check of each target. */
  readonly #timers = new Map<string, () => void>();
  readonly #agent = new Agent({ keepAlive: false });
  #closed = false;

  constructor(region: Region) {
    this.#region = region;
    region.onChange((state) => {
      this.#reconcile(state);
    });
  }

  /** Ends all checks. */
  close(): void {
    this.#closed = true;
    for (const callOff of this.#timers.values()) callOff();
    this.#timers.clear();
    this.#agent.destroy();
  }

  #reconcile(state: State): void {
    const wanted = new Map<string, { group: TargetGroupRecord; target: TargetRecord }>();
    for (const arn of targetGroupsInUse(state)) {
      const group = state.elb.targetGroups[arn];
      if (!group) continue;
      for (const target of Object.values(state.elb.targets[arn] ?? {})) {
        if (target.state !== "draining")
          wanted.set(`${arn} ${targetKey(target.id, target.port)}`, { group, target });
      }
    }
    for (const [key, callOff] of this.#timers) {
      if (wanted.has(key)) continue;
      callOff();
      this.#timers.delete(key);
    }
    for (const [key, { group, target }] of wanted) {
      if (!this.#timers.has(key)) this.#schedule(key, group.arn, target, firstHealthCheck);
    }
  }

  #schedule(key: string, arn: string, target: TargetRecord, span: number): void {
    const { clock } = this.#region;
    const callOff = clock.at(clock.now() + span, () => {
      const checked = this.#check(arn, target).then(
        () => {
          const group = this.#region.state.elb.targetGroups[arn];
          if (this.#timers.get(key) !== callOff || this.#closed || !group) return;
          this.#schedule(key, arn, target, group.healthCheck.intervalSeconds * 1000);
        },
        () => this.#timers.delete(key),
      );
      clock.track(checked);
    });
    this.#timers.set(key, callOff);
  }

  async #check(arn: string, { id, port }: TargetRecord): Promise<void> {
    const group = this.#region.state.elb.targetGroups[arn];
    if (!group) return;
    const outcome = await this.#request(group, id, port);
    if (this.#closed) return;
    this.#region.transact(({ state, now }) => {
      const target = findTarget(state, arn, id, port);
      if (target && judge(target, group.healthCheck, outcome)) lookAtServicesOf(state, now, arn);
    });
  }

  #request({ healthCheck }: TargetGroupRecord, id: string, targetPort: number): Promise<CheckOutcome> {
    const port = healthCheck.port === "traffic-port" ? targetPort : Number(healthCheck.port);
    const localPort = this.#region.containers.localPort({ host: id, port });
    if (localPort === undefined) return Promise.resolve({ type: "refused" });
    const timeout = Math.max(shortestTimeoutMs, this.#region.clock.toReal(healthCheck.timeoutSeconds * 1000));
    return new Promise((resolve) => {
      const headers = { "user-agent": "ELB-HealthChecker/2.0", host: `${id}:${port}` };
      const request = get(
        { host: "127.0.0.1", port: localPort, path: healthCheck.path, headers, timeout, agent: this.#agent },
        (response) => {
          response.resume();
          resolve({ type: "status", code: response.statusCode ?? 0 });
        },
      );
      request.once("timeout", () => {
        resolve({ type: "timeout" });
        request.destroy();
      });
      request.once("error", () => {
        resolve({ type: "refused" });
      });
    });
  }
}
