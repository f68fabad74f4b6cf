import type { Context } from "./context.ts";

/** What a case needs to be there before it can run. */
export type Need = "network" | "load balancer" | "hosts" | "rate limits";

/** One sentence about how AWS behaves, with AWS's page for it and a program that proves it through the SDK. */
export interface ContractCase {
  /** Unique: its subject, a dot, and what it is about. */
  readonly id: string;
  /** What AWS does, as a sentence. */
  readonly title: string;
  /** The page of AWS's documentation that says so. */
  readonly source: string;
  /**
   * Where a message comes from that the case expects word by word: the page itself, output of AWS quoted in public, a
   * report without output at hand, or our own conclusion. Left out where no message is expected.
   */
  readonly wording?: "documented" | "observed" | "reported" | "inferred";
  /** Why the case cannot run against a real account; left out where it can. */
  readonly localOnly?: string;
  readonly needs?: readonly Need[];
  readonly run: (context: Context) => Promise<void>;
}

/** A case, for its type. */
export function contractCase(definition: ContractCase): ContractCase {
  return definition;
}

type Refused = Omit<ContractCase, "run"> & {
  /** The exception's type, as the SDK names it. */
  readonly type: string;
  /**
   * The whole message, or a pattern where it holds something that differs from run to run. Left out where AWS's words
   * are not known: then there only has to be a message.
   */
  readonly message?: string | RegExp;
  /** Makes the call that is refused. */
  readonly call: (context: Context) => Promise<unknown>;
};

/** A case in which AWS refuses a call. */
export function refusal({ type, message, call, ...rest }: Refused): ContractCase {
  return {
    ...(message !== undefined && { wording: "reported" as const }),
    ...rest,
    run: async (context) => {
      const outcome = await call(context).then(
        () => "AWS accepted it",
        (error: unknown) => error,
      );
      if (!(outcome instanceof Error)) throw new Error(`Expected ${type}, but ${String(outcome)}.`);
      const fits =
        typeof message === "string" ? outcome.message === message : (message ?? /./).test(outcome.message);
      if (outcome.name === type && fits) return;
      throw new Error(
        `Expected ${type}: ${String(message ?? "any message")}\nbut got  ${outcome.name}: ${outcome.message}`,
      );
    },
  };
}
