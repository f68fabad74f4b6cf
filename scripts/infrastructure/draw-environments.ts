import { draw } from "../core/infrastructure/diagram/draw.ts";
import { mermaid } from "../core/infrastructure/diagram/mermaid.ts";
import { svg } from "../core/infrastructure/diagram/svg.ts";
import { environmentOf } from "../core/infrastructure/stack.ts";
import type { SynthesizedStack } from "../core/infrastructure/stack.ts";

/** The diagrams of an environment, by the names of their files. */
export function diagramsOf(
  environment: string,
  stacks: ReadonlyMap<string, SynthesizedStack>,
): Readonly<Record<string, string>> {
  const own = [...stacks].filter(([, stack]) => environmentOf(stack) === environment).map(([name]) => name);
  const drawing = draw(environment, stacks, new Set(own));
  return {
    [`diagram-${environment}.svg`]: svg(drawing),
    [`diagram-${environment}.mmd`]: mermaid(drawing),
  };
}
