/** Reads single members of a template whose other values may be missing. */
import type { Found, Lookup } from "./lookup.ts";
import { missingValue } from "./lookup.ts";
import type { ParsedTemplate } from "./parse-template.ts";
import type { PlaceholderName } from "./placeholder.ts";
import type { PlacedProblem } from "./problem.ts";

/** A member's text, or why it cannot be told; a member that is not there has neither. */
export type MemberText = { readonly text?: string; readonly problem?: PlacedProblem };

/** The placeholders of the named members at a template's top level. */
export function placeholdersOf(
  template: ParsedTemplate,
  members: readonly string[],
): readonly PlaceholderName[] {
  const paths = new Set(members.map((member) => `$.${member}`));
  return template.placeholders.filter(({ path }) => paths.has(path));
}

/**
 * Fills one text at a template's top level, and nothing else of it: what an address needs is known although an image,
 * or the value of another placeholder, is not.
 */
export function memberText(template: ParsedTemplate, member: string, lookup: Lookup): MemberText {
  const { tree, file } = template;
  const property = tree?.root.children?.find((child) => child.children?.[0]?.value === member);
  const node = property?.children?.[1];
  if (tree === undefined || node === undefined) return {};
  const failed = (offset: number, message: string, hint?: string): MemberText => ({
    problem: {
      file,
      ...tree.positionOf(offset),
      path: `$.${member}`,
      message,
      ...(hint === undefined ? {} : { hint }),
    },
  });

  const segments = tree.segments.get(node.offset);
  if (segments === undefined) return typeof node.value === "string" ? { text: node.value } : {};
  let text = "";
  for (const segment of segments) {
    if (segment.kind === "literal") {
      text += segment.text;
      continue;
    }
    if (segment.kind === "broken") return failed(segment.offset, segment.message, segment.hint);
    const found = lookup(segment.placeholder);
    if (found.kind === "value") text += found.value;
    else if (found.kind !== "deferred" && found.kind !== "unchecked") {
      const { message, hint } = whyNot(segment.placeholder, found);
      return failed(segment.offset, message, hint);
    } else return {};
  }
  return { text };
}

function whyNot(
  placeholder: PlaceholderName,
  found: Extract<Found, { readonly kind: "missing" | "refused" }>,
): { readonly message: string; readonly hint?: string } {
  return found.kind === "missing" ? missingValue(placeholder, found) : found;
}
