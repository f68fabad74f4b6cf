import { z } from "zod";

/**
 * What of `terraform show -json` of a plan is read here.
 *
 * @see https://developer.hashicorp.com/terraform/internals/json-format#plan-representation
 */
const changeSchema = z.object({
  actions: z.array(z.string()),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  after_unknown: z.unknown().optional(),
  before_sensitive: z.unknown().optional(),
  after_sensitive: z.unknown().optional(),
  replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).optional(),
});

const resourceChangeSchema = z.object({
  address: z.string(),
  previous_address: z.string().optional(),
  mode: z.string(),
  type: z.string(),
  name: z.string(),
  change: changeSchema,
  action_reason: z.string().optional(),
});

const planSchema = z.object({
  format_version: z.string(),
  resource_changes: z.array(resourceChangeSchema).default([]),
  resource_drift: z.array(resourceChangeSchema).default([]),
  planned_values: z
    .object({ outputs: z.record(z.string(), z.object({ value: z.unknown().optional() })).default({}) })
    .default({ outputs: {} }),
  output_changes: z.record(z.string(), z.object({ before: z.unknown().optional() })).default({}),
  prior_state: z.unknown().optional(),
});

export type PlanJson = z.infer<typeof planSchema>;
export type PlannedChange = z.infer<typeof resourceChangeSchema>;

/** Reads what `terraform show -json` printed of a plan; throws where that is no plan. */
export function parsePlan(text: string): PlanJson {
  return planSchema.parse(JSON.parse(text));
}

/** An output as it will be: its value, or only what it has been where AWS will tell the new one. */
type PlannedOutput =
  { readonly known: true; readonly value: unknown } | { readonly known: false; readonly before: unknown };

export type PlannedOutputs = ReadonlyMap<string, PlannedOutput>;

/** The outputs as they will be when the plan has been applied. */
export function plannedOutputs({ planned_values, output_changes }: PlanJson): PlannedOutputs {
  return new Map(
    Object.entries(planned_values.outputs).map(([name, { value }]) => [
      name,
      value === undefined
        ? { known: false, before: output_changes[name]?.before ?? null }
        : { known: true, value },
    ]),
  );
}
