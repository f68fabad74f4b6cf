import { setTimeout as delay } from "node:timers/promises";

import { clientsOf } from "./clients.ts";
import { Context } from "./context.ts";
import type { ContractCase } from "./contract-case.ts";
import { Ground } from "./ground.ts";
import { record, type Recorded } from "./recorder.ts";
import type { Target } from "./target.ts";

/** How a case came out; `error` is undefined for one that passed. */
export interface Outcome {
  readonly error: unknown;
}

/** The cases that can run against a target, and those that cannot with the reason. */
export function choose(cases: readonly ContractCase[], target: Target) {
  const only = process.env["SLIPWAY_CONTRACT_ONLY"];
  const wanted = cases.filter(({ id }) => only === undefined || id.includes(only));
  const reasonAgainst = (definition: ContractCase): string | undefined =>
    (target.kind === "aws" ? definition.localOnly : undefined) ?? Ground.lacks(target, definition.needs);
  return {
    chosen: wanted.filter((definition) => reasonAgainst(definition) === undefined),
    left: wanted.flatMap((definition) => {
      const reason = reasonAgainst(definition);
      return reason === undefined ? [] : [{ id: definition.id, reason }];
    }),
  };
}

/** A case that never ends must not keep the others from being told. */
async function inTime(run: Promise<void>, { kind, speed }: Target): Promise<void> {
  const limitMs = kind === "aws" ? 3_600_000 : 45_000 + 1_800_000 / speed;
  const timer = new AbortController();
  const late = delay(limitMs, undefined, { signal: timer.signal, ref: false }).then(() => {
    throw new Error(`The case has not ended after ${limitMs / 1000} s.`);
  });
  await Promise.race([run, late]).finally(() => {
    late.catch(() => undefined);
    timer.abort();
  });
}

/** Runs cases side by side and gives their outcomes by id, with the answers they got and what could not be removed. */
export async function runCases(
  cases: readonly ContractCase[],
  target: Target,
): Promise<{
  outcomes: ReadonlyMap<string, Outcome>;
  left: readonly string[];
  answers: readonly Recorded[];
}> {
  const sideBySide = target.kind === "aws" ? 6 : 16;
  const run = `slc${Date.now().toString(36).slice(-6)}`;
  const clients = clientsOf(target);
  const answers: Recorded[] = [];
  record("ecs", clients.ecs, answers);
  record("codedeploy", clients.codeDeploy, answers);
  record("elb", clients.elb, answers);
  const ground = new Ground(target, clients, run);
  const outcomes = new Map<string, Outcome>();
  const waiting = [...cases.entries()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, definition] = next;
      const context = new Context({ clients, target, ground, prefix: `${run}-${index}` });
      const outcome = await inTime(definition.run(context), target).then(
        (): Outcome => ({ error: undefined }),
        (error: unknown): Outcome => ({ error }),
      );
      outcomes.set(definition.id, outcome);
      await context.close();
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, worker));
  const left = await ground.close();
  clients.destroy();
  return { outcomes, left, answers };
}
