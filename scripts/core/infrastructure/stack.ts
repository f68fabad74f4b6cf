import { z } from "zod";

const blocks = z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({});

/** What of a synthesized stack is read here: Terraform's JSON syntax, as cdktf writes it. */
const stackSchema = z.looseObject({
  resource: blocks,
  data: blocks,
  output: z.record(z.string(), z.object({ value: z.unknown() })).default({}),
  provider: z
    .object({
      aws: z
        .array(
          z.object({
            region: z.string().optional(),
            alias: z.string().optional(),
            default_tags: z.array(z.object({ tags: z.record(z.string(), z.string()) })).optional(),
          }),
        )
        .default([]),
    })
    .default({ aws: [] }),
  terraform: z
    .looseObject({ backend: z.record(z.string(), z.record(z.string(), z.unknown())).optional() })
    .optional(),
});

/** A stack in Terraform's JSON syntax: blocks by type and id. */
export type SynthesizedStack = z.infer<typeof stackSchema>;

/** Reads a `cdk.tf.json`; throws where it is none. */
export function parseStack(text: string): SynthesizedStack {
  return stackSchema.parse(JSON.parse(text));
}

/** The environment that a stack belongs to, by its tags; none for what belongs to the account. */
export function environmentOf({ provider }: SynthesizedStack): string | undefined {
  const tags = provider.aws.flatMap(({ default_tags = [] }) => default_tags.map((one) => one.tags));
  return tags.map((one) => one["slipway:environment"]).find((name) => name !== undefined);
}

/** The region that a stack's resources are in. */
export function regionOf({ provider }: SynthesizedStack): string | undefined {
  return provider.aws.find(({ alias }) => alias === undefined)?.region;
}
