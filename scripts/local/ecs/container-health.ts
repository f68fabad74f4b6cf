/**
 * Container health checks, judged over time.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
 */
import type { HealthCheck } from "@aws-sdk/client-ecs";

import { isWellAt, type ImageBehaviour } from "../containers/catalogue.ts";
import type { ContainerRecord } from "./task-state.ts";

/** A health check with AWS's defaults filled in; times in AWS milliseconds. */
export interface CheckSettings {
  readonly command: readonly string[];
  readonly interval: number;
  readonly timeout: number;
  readonly retries: number;
  readonly startPeriod: number;
}

/** What a run of checks has come to. */
export interface CheckRecord {
  /** Failures in a row that count. */
  failures: number;
  healthStatus: ContainerRecord["healthStatus"];
}

/** The health check of a container; undefined for one without, or with `NONE`. */
export function checkSettings(check: HealthCheck | undefined): CheckSettings | undefined {
  const command = check?.command ?? [];
  if (!check || command.length === 0 || command[0] === "NONE") return undefined;
  return {
    command,
    interval: (check.interval ?? 30) * 1000,
    timeout: (check.timeout ?? 5) * 1000,
    retries: check.retries ?? 3,
    startPeriod: (check.startPeriod ?? 0) * 1000,
  };
}

/**
 * Takes the outcome of one check: a success makes the container HEALTHY at once, `retries` failures in a row make it
 * UNHEALTHY. Failures in the start period do not count, until the first success.
 *
 * @param age AWS milliseconds since the container started
 */
export function takeOutcome(
  record: CheckRecord,
  settings: CheckSettings,
  passed: boolean,
  age: number,
): void {
  if (passed) {
    record.failures = 0;
    record.healthStatus = "HEALTHY";
  } else if (record.healthStatus !== "UNKNOWN" || age > settings.startPeriod) {
    record.failures += 1;
    if (record.failures >= settings.retries) record.healthStatus = "UNHEALTHY";
  }
}

/** Where a health check is judged by a request to the container; else by what its image does. */
export interface Probe {
  readonly type: "http" | "tcp";
  readonly port: number;
  readonly method: "GET" | "HEAD";
  readonly path: string;
  /** Whether an answer of 400 or more fails the check, as with `curl -f`. */
  readonly failsOnError: boolean;
}

const localUrl = /\bhttp:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::(\d+))?(\/[^\s"'|;&)]*)?/;

/**
 * The request that a check's command makes of its own container, when it is the usual one: curl, wget or nc on
 * localhost, with at most `|| exit 1` after it. Other commands cannot be run here.
 */
export function probeOf({ command }: CheckSettings): Probe | undefined {
  const text = command.slice(1).join(" ").trim();
  const line = text.replace(/\s*\|\|\s*(exit\s+\d+|false)\s*;?\s*$/, "");
  if (/[|;`$<]|&&/.test(line)) return undefined;
  const [program = ""] = line.split(/\s+/);
  const tool = program.slice(program.lastIndexOf("/") + 1);
  if (tool === "nc") {
    const port = /\b(?:localhost|127\.0\.0\.1)\s+(\d+)\s*$/.exec(line)?.[1];
    return port === undefined
      ? undefined
      : { type: "tcp", port: Number(port), method: "GET", path: "/", failsOnError: true };
  }
  const url = localUrl.exec(line);
  if (!url || (tool !== "curl" && tool !== "wget")) return undefined;
  const asksHead = /\s(-I|--head|--spider)\b/.test(line);
  return {
    type: "http",
    port: Number(url[1] ?? 80),
    method: asksHead ? "HEAD" : "GET",
    path: url[2] ?? "/",
    failsOnError: tool === "wget" || /\s(--fail|--fail-with-body|-[a-zA-Z]*f[a-zA-Z]*)(\s|$)/.test(line),
  };
}

/** Begins the checks of a container that has just started and that its image's behaviour judges. */
export function firstCheckAt(settings: CheckSettings, startedAt: number): number {
  return startedAt + settings.interval;
}

/**
 * Judges one check that is due by the behaviour of the container's image, and says when the next one is due that can
 * change something; null when none can.
 */
export function judgeByBehaviour(
  record: CheckRecord,
  settings: CheckSettings,
  behaviour: ImageBehaviour,
  age: number,
): number | null {
  const passed = isWellAt(behaviour, age / 1000);
  takeOutcome(record, settings, passed, age);
  if (record.healthStatus !== (passed ? "HEALTHY" : "UNHEALTHY")) return age + settings.interval;
  const turn = nextTurn(behaviour, age);
  if (turn === null) return null;
  return Math.max(age + settings.interval, Math.ceil(turn / settings.interval) * settings.interval);
}

/** When the behaviour of a container changes next, by its age; null when it stays as it is. */
function nextTurn(behaviour: ImageBehaviour, age: number): number | null {
  const { listensAfterSeconds, unhealthyAfterSeconds, recoversAfterSeconds } = behaviour;
  const turns = [listensAfterSeconds, unhealthyAfterSeconds, recoversAfterSeconds]
    .filter((seconds) => seconds !== null)
    .map((seconds) => seconds * 1000)
    .filter((turn) => turn > age);
  return turns.length === 0 ? null : Math.min(...turns);
}
