/**
 * Faults that a test asks for: what goes wrong, and with which calls.
 */
import * as z from "zod";

/** What goes wrong with a call. */
export const faultKinds = ["delay", "throttle", "error", "reset", "drop-after-effect"] as const;

const name = z.string().min(1);
const positive = z.int().positive();

const whichCalls = {
  /** The numbers of the matching calls that it happens to, from 1. */
  calls: z.array(positive).min(1).optional(),
  /** Every n-th matching call. */
  every: positive.optional(),
  /** A share of the matching calls, drawn from `seed`. */
  share: z.number().positive().max(1).optional(),
  seed: z.int().nonnegative().optional(),
};

/** A fault as it is asked for. Without `calls`, `every` or `share` it happens to every matching call. */
export const faultRequest = z
  .strictObject({
    kind: z.enum(faultKinds),
    /** Signing name of the service, such as `ecs`; any when left out. */
    service: name.optional(),
    /** Operation, such as `UpdateService`; any when left out. */
    operation: name.optional(),
    ...whichCalls,
    /** How often it happens at most. */
    times: positive.optional(),
    /** How long a delayed call waits, in milliseconds of real time. */
    delayMs: positive.max(600_000).optional(),
    message: name.optional(),
  })
  .refine(({ calls, every, share }) => [calls, every, share].filter((way) => way !== undefined).length <= 1, {
    message: "calls, every and share exclude each other",
  })
  .refine(({ kind, delayMs }) => (kind === "delay") === (delayMs !== undefined), {
    path: ["delayMs"],
    message: "delayMs goes with kind delay, and with no other",
  })
  .refine(({ kind, message }) => message === undefined || kind === "throttle" || kind === "error", {
    path: ["message"],
    message: "message goes with the kinds throttle and error, which alone are told in words",
  })
  .refine(({ seed, share }) => seed === undefined || share !== undefined, {
    path: ["seed"],
    message: "seed goes with share",
  });

/** A fault as it is asked for. */
export type FaultRequest = z.infer<typeof faultRequest>;

/** A fault in force. */
export interface Fault extends FaultRequest {
  readonly id: number;
  /** How many calls it matched, and to how many it happened. */
  readonly matched: number;
  readonly applied: number;
}
