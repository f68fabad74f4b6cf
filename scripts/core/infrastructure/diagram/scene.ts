import { ResourceGraph } from "../references.ts";
import type { Resource } from "../references.ts";
import type { SynthesizedStack } from "../stack.ts";

/** The resources of one environment, and which of them have been drawn. */
export class Scene {
  readonly graph: ResourceGraph;
  readonly own: readonly Resource[];
  private readonly stacks: ReadonlySet<string>;
  private readonly drawn = new Set<string>();

  /** @param own names of the environment's stacks, among all of the app */
  constructor(all: ReadonlyMap<string, SynthesizedStack>, own: ReadonlySet<string>) {
    this.graph = new ResourceGraph(all);
    this.stacks = own;
    this.own = this.graph.resources.filter(({ stack }) => own.has(stack));
  }

  isOwn({ stack }: Resource): boolean {
    return this.stacks.has(stack);
  }

  /** The environment's own resources of these types, which count as drawn from now on. */
  draw(...types: readonly string[]): readonly Resource[] {
    const found = this.ofType(...types);
    found.forEach((resource) => this.markDrawn(resource));
    return found;
  }

  /** The environment's own resources of these types. */
  ofType(...types: readonly string[]): readonly Resource[] {
    return this.graph.ofType(...types).filter((resource) => this.isOwn(resource));
  }

  markDrawn({ key }: Resource): void {
    this.drawn.add(key);
  }

  get drawnCount(): number {
    return this.own.filter(({ key }) => this.drawn.has(key)).length;
  }

  /** What nobody has drawn. */
  get left(): readonly Resource[] {
    return this.own.filter(({ key }) => !this.drawn.has(key));
  }
}
