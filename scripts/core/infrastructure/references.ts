import type { SynthesizedStack } from "./stack.ts";

/** A resource of a stack and what it refers to. */
export interface Resource {
  /** `<stack>/<type>.<id>`, the same in every run. */
  readonly key: string;
  readonly stack: string;
  readonly type: string;
  readonly id: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Every resource of some stacks, with the ways between them. */
export class ResourceGraph {
  readonly resources: readonly Resource[];
  private readonly stacks: ReadonlyMap<string, SynthesizedStack>;
  private readonly byKey: ReadonlyMap<string, Resource>;

  constructor(stacks: ReadonlyMap<string, SynthesizedStack>) {
    this.stacks = stacks;
    this.resources = [...stacks]
      .toSorted(([left], [right]) => left.localeCompare(right))
      .flatMap(([stack, { resource }]) =>
        Object.entries(resource).flatMap(([type, blocks]) =>
          Object.entries(blocks).map(([id, attributes]) => ({
            key: `${stack}/${type}.${id}`,
            stack,
            type,
            id,
            attributes,
          })),
        ),
      );
    this.byKey = new Map(this.resources.map((resource) => [resource.key, resource]));
  }

  /** The resources of these types; `aws_alb…` and `aws_lb…` are the same to AWS and to this. */
  ofType(...types: readonly string[]): readonly Resource[] {
    const wanted = new Set(types.map(withoutAlias));
    return this.resources.filter(({ type }) => wanted.has(withoutAlias(type)));
  }

  /** What a value refers to, through outputs of other stacks as well; each once, in the order of the text. */
  referredBy(stack: string, value: unknown): readonly Resource[] {
    const found = new Map<string, Resource>();
    const visit = (inStack: string, inner: unknown, depth: number): void => {
      for (const text of textsIn(inner)) {
        for (const [, remote, output, type, id] of text.matchAll(reference)) {
          if (remote !== undefined && output !== undefined) {
            const owner = remote.replace(remotePrefix, "");
            // Outputs may pass on outputs, never in a circle: stacks depend one way.
            if (depth < 10) visit(owner, this.stacks.get(owner)?.output[output]?.value, depth + 1);
          } else {
            const resource = this.byKey.get(`${inStack}/${type ?? ""}.${id ?? ""}`);
            if (resource !== undefined) found.set(resource.key, resource);
          }
        }
      }
    };
    visit(stack, value, 0);
    return [...found.values()];
  }

  /** The only or first resource that an attribute refers to. */
  target(resource: Resource, attribute: string): Resource | undefined {
    return this.referredBy(resource.stack, resource.attributes[attribute])[0];
  }

  /** Those of these types whose attribute refers to the resource. */
  pointingAt(target: Resource, attribute: string, ...types: readonly string[]): readonly Resource[] {
    return this.ofType(...types).filter((resource) =>
      this.referredBy(resource.stack, resource.attributes[attribute]).some(({ key }) => key === target.key),
    );
  }
}

/** cdktf's name of what reads another stack's outputs. */
export const remotePrefix = "cross-stack-reference-input-";

const reference =
  /data\.terraform_remote_state\.([\w-]+)\.outputs\.([\w-]+)|(?<![\w.-])((?!data\.)[a-z][a-z0-9]*_[a-z0-9_]+)\.([\w-]+)(?=[.[])/g;

function withoutAlias(type: string): string {
  return type.replace(/^aws_alb(?=_|$)/, "aws_lb");
}

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === "string") {
    if (value.includes("${")) yield value;
  }
  if (typeof value === "object" && value !== null) {
    for (const inner of Object.values(value)) yield* textsIn(inner);
  }
}
