import type { IncomingHttpHeaders } from "node:http";

import type { Evaluation } from "./evaluate.ts";

/** What was decided of one action on one resource, and by which statements of the caller's own policies. */
export interface Decision {
  /** ARN of who asked. */
  readonly caller: string;
  /** What the caller's SDK calls its program, by `AWS_SDK_UA_APP_ID`; null where it does not say. */
  readonly program: string | null;
  readonly action: string;
  readonly resource: string;
  readonly decision: Evaluation["decision"];
  /** Names of the statements that allow it: where there is one, it would be refused without it. */
  readonly allowedBy: readonly string[];
}

/** Keeps what was decided, each once, so that a policy can be held against what was made of it. */
export class Decisions {
  readonly #kept = new Map<string, Decision>();

  add(decision: Decision): void {
    this.#kept.set(JSON.stringify(Object.values(decision)), decision);
  }

  list(): readonly Decision[] {
    return [...this.#kept.values()];
  }

  forget(): void {
    this.#kept.clear();
  }
}

/**
 * The name that a program has given its SDK.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-appid.html
 */
export function programOf(headers: IncomingHttpHeaders): string | null {
  const told = `${String(headers["x-amz-user-agent"])} ${headers["user-agent"] ?? ""}`;
  return /\sapp\/(\S+)/.exec(told)?.[1] ?? null;
}
