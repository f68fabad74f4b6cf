import { asAttributes } from "./attributes.ts";
import type { Attributes } from "./attributes.ts";

/** A resource or data source as Terraform gets it. */
export interface Resource {
  /** Terraform's name of its kind, as in `aws_alb`; of a data source with `data.` before it. */
  readonly type: string;
  /** Its name in the stack. */
  readonly id: string;
  readonly stack: string;
  /** Where its construct is, the stack's id first. */
  readonly path: string;
  readonly attributes: Attributes;
}

/** What a value points at: a resource, and which of its attributes. */
export interface Reference {
  readonly resource: Resource;
  readonly attribute: string;
}

const reference = /^\$\{((?:data\.)?[a-z0-9_]+)\.([\w-]+)(?:\[[^\]]*\])?\.([\w.[\]-]+)\}$/;
const remoteState = "data.terraform_remote_state";
/** How cdktf names the data source through which a stack reads another's outputs. */
const incoming = "cross-stack-reference-input-";

/** Everything in the stacks of an app, and what points at what, over the borders of stacks too. */
export class Inventory {
  readonly #resources: readonly Resource[];
  readonly #byAddress: ReadonlyMap<string, Resource>;
  readonly #outputs: ReadonlyMap<string, unknown>;

  /** @param stacks Terraform's JSON of each stack, by the stack's id */
  constructor(stacks: ReadonlyMap<string, unknown>) {
    const written = [...stacks].map(([stack, json]): [string, Attributes] => [stack, asAttributes(json)]);
    this.#resources = written.flatMap(([stack, json]) => [
      ...resourcesIn(stack, asAttributes(json["resource"]), ""),
      ...resourcesIn(stack, asAttributes(json["data"]), "data."),
    ]);
    this.#byAddress = new Map(
      this.#resources.map((resource) => [address(resource.stack, resource.type, resource.id), resource]),
    );
    this.#outputs = new Map(
      written.flatMap(([stack, json]) =>
        Object.entries(asAttributes(json["output"])).map(([name, output]): [string, unknown] => [
          address(stack, "output", name),
          asAttributes(output)["value"],
        ]),
      ),
    );
  }

  /** The resources of these types, in the order of the stacks. */
  ofTypes(types: readonly string[]): readonly Resource[] {
    return this.#resources.filter(({ type }) => types.includes(type));
  }

  /** What a value in `from` points at; undefined for a value of any other kind, or what is in no stack of the app. */
  reference(from: Resource, value: unknown): Reference | undefined {
    return this.#follow(from.stack, value);
  }

  /** Those of these types whose argument points at a resource. */
  pointingAt(target: Resource, types: readonly string[], argument: string): readonly Resource[] {
    return this.ofTypes(types).filter(
      (resource) => this.reference(resource, resource.attributes[argument])?.resource === target,
    );
  }

  #follow(stack: string, value: unknown): Reference | undefined {
    const [, type, id, attribute] = typeof value === "string" ? (reference.exec(value) ?? []) : [];
    if (type === undefined || id === undefined || attribute === undefined) return undefined;
    if (type === remoteState && id.startsWith(incoming)) {
      const origin = id.slice(incoming.length);
      return this.#follow(
        origin,
        this.#outputs.get(address(origin, "output", attribute.replace(/^outputs\./, ""))),
      );
    }
    const resource = this.#byAddress.get(address(stack, type, id));
    return resource === undefined ? undefined : { resource, attribute };
  }
}

function address(stack: string, type: string, id: string): string {
  return `${stack}:${type}.${id}`;
}

function resourcesIn(stack: string, written: Attributes, prefix: string): Resource[] {
  return Object.entries(written).flatMap(([type, byId]) =>
    Object.entries(asAttributes(byId)).map(([id, raw]) => {
      const attributes = asAttributes(raw);
      const { path } = asAttributes(asAttributes(attributes["//"])["metadata"]);
      return {
        type: `${prefix}${type}`,
        id,
        stack,
        path: typeof path === "string" ? path : `${stack}/${id}`,
        attributes,
      };
    }),
  );
}
