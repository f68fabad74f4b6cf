/**
 * What a group of hosts has beside its size: further instance types, Spot, and how hosts are replaced.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-mixed-instances-groups.html
 */
import * as z from "zod";

/** An instance type's name; which of them there are is a check of its own. */
export const instanceTypeName = z.string().regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/);

/** What a group takes where its first type is not to be had. */
export const otherInstanceTypes = z
  .array(instanceTypeName)
  .min(1)
  .max(39)
  .optional()
  .describe(
    "Further types of the same processor, best first. Spot needs several: the more there are, the rarer hosts are taken away.",
  );

/** How much of a group is Spot. */
export const spot = z
  .strictObject({
    onDemandBase: z
      .int()
      .min(0)
      .max(5000)
      .default(0)
      .describe("So many hosts are On-Demand before any is Spot."),
    onDemandPercent: z
      .int()
      .min(0)
      .max(100)
      .default(0)
      .describe("Of the hosts beyond the base, so many in a hundred are On-Demand."),
  })
  .optional()
  .describe("Hosts that AWS sells cheaper and takes away with two minutes' notice. Without it, none are.");

/** How hosts are replaced when their image or another part of their launch template is new. */
export const refresh = z
  .union([
    z.literal(false),
    z.strictObject({
      minHealthyPercent: z
        .int()
        .min(0)
        .max(100)
        .default(100)
        .describe("So many of a hundred hosts stay in service meanwhile."),
      maxHealthyPercent: z
        .int()
        .min(100)
        .max(200)
        .default(110)
        .describe(
          "The group may grow to so many of a hundred; above 100, new hosts come before old ones go.",
        ),
    }),
  ])
  .prefault({})
  .describe(
    "How hosts are replaced when a new image is applied, each drained of its tasks first. false leaves that to time.",
  );
