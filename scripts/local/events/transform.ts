/**
 * What a target of a rule gets: the event, or a text made of it.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */

/** How a rule makes the text, in EventBridge's own form. */
export interface InputTransformer {
  readonly InputPathsMap?: Readonly<Record<string, string>> | undefined;
  readonly InputTemplate: string | undefined;
}

/** Fills the template; a path that leads nowhere leaves nothing in its place. */
export function transformed(event: unknown, transformer: InputTransformer | undefined): string {
  if (transformer?.InputTemplate === undefined) return JSON.stringify(event);
  const { InputPathsMap: paths = {}, InputTemplate: template } = transformer;
  return template.replaceAll(/<([\w.-]+)>/g, (whole, name: string) => {
    const path = paths[name];
    if (path === undefined) return whole;
    const value = valueAt(event, path);
    if (value === undefined) return "";
    // Inside quotes a text stands as JSON has it between them.
    return typeof value === "string" ? JSON.stringify(value).slice(1, -1) : JSON.stringify(value);
  });
}

/** Follows `$.detail.group` or `$.resources[0]`. */
function valueAt(event: unknown, path: string): unknown {
  const steps = path.match(/[\w-]+/g) ?? [];
  return steps.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null
        ? (value as Readonly<Record<string, unknown>>)[step]
        : undefined,
    event,
  );
}
