import { createInterface } from "node:readline/promises";

import { UsageError } from "../core/errors.ts";

/** A person at a terminal. */
export interface Person {
  /** @returns what was typed; undefined where the question was left with Ctrl-C or at the end of the input */
  ask(question: string): Promise<string | undefined>;
}

/** Whoever sits at the terminal; undefined where nobody does. The question goes to standard error. */
export function personAtTerminal(): Person | undefined {
  const { stdin: input, stderr: output } = process;
  if (!input.isTTY || !output.isTTY) return undefined;
  return {
    async ask(question) {
      const reader = createInterface({ input, output });
      const left = new AbortController();
      const leave = (): void => {
        left.abort();
      };
      reader.once("SIGINT", leave).once("close", leave);
      try {
        return await reader.question(question, { signal: left.signal });
      } catch (error) {
        if (left.signal.aborted) return undefined;
        throw error;
      } finally {
        reader.close();
      }
    },
  };
}

/**
 * Asks for the name of what is to be deleted.
 *
 * @param question what is at stake, up to where the name is typed
 * @returns whether it was typed; false where the question was left
 * @throws UsageError where nobody can be asked, or another name was typed
 */
export async function confirmName(
  name: string,
  question: string,
  person: Person | undefined,
): Promise<boolean> {
  if (person === undefined) {
    throw new UsageError(
      `Nobody can be asked here, so ./deploy delete needs --confirm ${name}. Nothing was changed.`,
    );
  }
  const typed = await person.ask(question);
  if (typed === undefined) return false;
  checkName(typed.trim(), name);
  return true;
}

/** @throws UsageError where another name is given */
export function checkName(given: string, name: string): void {
  if (given === name) return;
  throw new UsageError(
    `${JSON.stringify(given)} is not the name of the service, which is ${name}. Nothing was changed.`,
  );
}
