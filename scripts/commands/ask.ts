import { createInterface } from "node:readline/promises";

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
