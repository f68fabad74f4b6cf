/**
 * Stands in an input for the ARN of the revision that an earlier step of the plan registers. The private-use
 * characters keep it apart from anything that a template or a value could hold.
 */
export const registeredRevisionMarker = "\uE000TASKDEFINITION_ARN\uE000";

/** The input with the registered revision's ARN in the marker's places, also inside longer strings. */
export function withRegisteredRevision<Input>(input: Input, taskDefinitionArn: string): Input {
  const fill = (value: unknown): unknown => {
    if (typeof value === "string") return value.replaceAll(registeredRevisionMarker, taskDefinitionArn);
    if (Array.isArray(value)) return value.map(fill);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner)]));
  };
  // The shape stays as it is: only strings are exchanged for strings.
  return fill(input) as Input;
}
