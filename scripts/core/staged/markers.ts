/** Stands in an input for the ARN of the target group that an earlier step makes. */
export const targetGroupMarker = "\uE000TARGET_GROUP_ARN\uE000";

/** Stands in a policy for the label of the deployment's own load balancer and target group. */
export const resourceLabelMarker = "\uE000RESOURCE_LABEL\uE000";

/** The input with values in their markers' places, also inside longer strings. */
export function filledIn<Input>(input: Input, values: Readonly<Record<string, string>>): Input {
  const fill = (value: unknown): unknown => {
    if (typeof value === "string") {
      return Object.entries(values).reduce((text, [marker, known]) => text.replaceAll(marker, known), value);
    }
    if (Array.isArray(value)) return value.map(fill);
    if (typeof value !== "object" || value === null || value instanceof Date) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner)]));
  };
  // The shape stays as it is: only strings are exchanged for strings.
  return fill(input) as Input;
}
