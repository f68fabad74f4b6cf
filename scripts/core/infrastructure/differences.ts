/** Where two documents differ: a path as in `resource.aws_vpc.vpc.cidr_block`, and both values. */
export interface Difference {
  readonly path: string;
  readonly left: unknown;
  readonly right: unknown;
}

/** Every place where two JSON documents differ; keys called `//` are comments, as in Terraform's JSON. */
export function differences(left: unknown, right: unknown, path = ""): readonly Difference[] {
  if (isObject(left) && isObject(right) && Array.isArray(left) === Array.isArray(right)) {
    const names = new Set([...Object.keys(left), ...Object.keys(right)]);
    return [...names]
      .filter((name) => name !== "//")
      .flatMap((name) => differences(left[name], right[name], path === "" ? name : `${path}.${name}`));
  }
  return JSON.stringify(left) === JSON.stringify(right) ? [] : [{ path, left, right }];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
