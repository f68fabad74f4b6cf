import * as z from "zod";
import { ruleIds, ruleTitles } from "../hardening/rule-ids.ts";
import type { RuleId } from "../hardening/rule-ids.ts";

/** Fewest characters of a reason: enough for a sentence that tells an auditor something. */
const LEAST_REASON = 15;

const reason = z
  .string()
  .trim()
  .min(LEAST_REASON)
  .max(500)
  .describe(`Why the rule need not hold: a sentence of at least ${LEAST_REASON} characters.`);

const some = z
  .strictObject({
    resources: z
      .string()
      .min(1)
      .max(500)
      .describe(
        "Whose: a pattern of construct paths, as in test-load-balancer-internal/**. * is anything within a part of " +
          "the path, ** anything at all.",
      ),
    reason,
  })
  .describe("The resources that the rule need not hold for, and why.");

/** A reason for every resource, or one for some of them each. */
const suppression = z.union([reason, z.array(some).min(1).max(50)]).meta({ id: "suppression" });

const shape = Object.fromEntries(
  ruleIds.map((id) => [
    id,
    suppression
      .optional()
      .describe(
        `${ruleTitles[id]}. Why that need not hold, in at least ${LEAST_REASON} characters; or a list of ` +
          '{ "resources", "reason" }.',
      ),
  ]),
  // Object.fromEntries forgets the keys; these are all ids.
) as unknown as Readonly<Record<RuleId, z.ZodOptional<typeof suppression>>>;

/** Hardening rules that need not hold, with the reason of each. */
export const suppressions = z
  .strictObject(shape)
  .meta({ id: "suppressions" })
  .default({})
  .describe("Hardening rules that need not hold here, by id, with the reason; docs/hardening.md lists them.");
