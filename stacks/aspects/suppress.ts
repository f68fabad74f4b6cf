import type { IConstruct } from "constructs";
import type { RuleId } from "../../scripts/core/hardening/rule-ids.ts";

const metadataType = "slipway:suppression";

/** A suppression in the code of the stacks. */
export interface CodeSuppression {
  readonly id: RuleId;
  readonly reason: string;
  /** Of the construct; what is below it is covered as well. */
  readonly path: string;
  /** What has to be found, and nothing else; undefined covers whatever is. */
  readonly found: string | undefined;
}

/**
 * Lets a construct, and all below it, break a rule. For what follows from the design and is so for every user; what an
 * environment chooses belongs into environments.jsonc.
 *
 * @param found what the rule finds, where the reason is for that and for nothing else
 */
export function suppress(construct: IConstruct, id: RuleId, reason: string, found?: string): void {
  construct.node.addMetadata(metadataType, { id, reason, found });
}

/** Every suppression in a tree of constructs. */
export function suppressionsIn(root: IConstruct): readonly CodeSuppression[] {
  return root.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === metadataType)
      .map(({ data }) => {
        // Only `suppress` writes metadata of this type.
        const written = data as Omit<CodeSuppression, "path">;
        return { ...written, path: node.path };
      }),
  );
}
