/** The grammar of placeholders: `@@NAME@@` and `@@ssm:/path@@` inside quotes, `@NAME@` bare. */

/** What a placeholder stands for: a name (environment variable, stack output, …) or a Parameter Store parameter. */
export type PlaceholderName =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "parameter"; readonly parameter: string };

/** A piece of a text: literal, a placeholder, or what looks like one and is not (with the reason). */
export type Segment =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "placeholder"; readonly offset: number; readonly placeholder: PlaceholderName }
  | { readonly kind: "broken"; readonly offset: number; readonly message: string; readonly hint: string };

const namePattern = /^[A-Za-z][A-Za-z0-9_]*$/;
/** A parameter's name or path, with an optional version or label. */
const parameterPattern = /^ssm:(\/?[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+)*(?::[A-Za-z0-9_.-]+)?)$/;
const escapeHint = String.raw`To mean the signs themselves, write @\u0040.`;

/** Reads what stands between the signs; undefined when it is neither a name nor `ssm:` with a parameter's path. */
export function parsePlaceholderName(text: string): PlaceholderName | undefined {
  if (namePattern.test(text)) return { kind: "name", name: text };
  const parameter = parameterPattern.exec(text)?.[1];
  return parameter === undefined ? undefined : { kind: "parameter", parameter };
}

/** What stands between the signs: `NAME` or `ssm:/path`. */
export function placeholderKey(placeholder: PlaceholderName): string {
  return placeholder.kind === "name" ? placeholder.name : `ssm:${placeholder.parameter}`;
}

/** Writes a placeholder as it stands inside quotes. */
export function formatPlaceholder(placeholder: PlaceholderName): string {
  return `@@${placeholderKey(placeholder)}@@`;
}

/**
 * Splits the source text of a JSON string (what stands between its quotes, escapes included) into its pieces.
 * Splitting the source and not the value keeps offsets exact, and lets an escaped sign mean itself.
 *
 * @param raw - source text between the quotes
 * @param start - offset of that text in its file
 */
export function splitPlaceholders(raw: string, start: number): readonly Segment[] {
  const bare = /^@([A-Z][A-Z0-9_]*)@$/.exec(raw)?.[1];
  if (bare !== undefined) {
    const message = `Inside quotes a placeholder has two signs on each side; found "@${bare}@".`;
    return [
      {
        kind: "broken",
        offset: start,
        message,
        hint: `Write "@@${bare}@@", or @${bare}@ without the quotes.`,
      },
    ];
  }
  const segments: Segment[] = [];
  let from = 0;
  while (from < raw.length) {
    const open = raw.indexOf("@@", from);
    if (open === -1) break;
    if (open > from) segments.push(literal(raw.slice(from, open)));
    const close = raw.indexOf("@@", open + 2);
    if (close === -1) {
      const message = `This placeholder is not closed: ${shown(raw.slice(open))}.`;
      segments.push({ kind: "broken", offset: start + open, message, hint: `End it with @@. ${escapeHint}` });
      return segments;
    }
    const placeholder = parsePlaceholderName(raw.slice(open + 2, close));
    if (placeholder === undefined) {
      const message = `${shown(raw.slice(open, close + 2))} is not a placeholder.`;
      const hint = `A name has letters, digits and underscores, as in @@VERSION@@ or @@ssm:/path@@. ${escapeHint}`;
      segments.push({ kind: "broken", offset: start + open, message, hint });
    } else {
      segments.push({ kind: "placeholder", offset: start + open, placeholder });
    }
    from = close + 2;
  }
  if (from < raw.length) segments.push(literal(raw.slice(from)));
  return segments;
}

function literal(raw: string): Segment {
  try {
    // A piece of a valid JSON string between placeholders is a valid JSON string itself.
    return { kind: "literal", text: String(JSON.parse(`"${raw}"`)) };
  } catch {
    // The parser has reported the escape or character that is wrong, so the text is never used.
    return { kind: "literal", text: raw };
  }
}

function shown(raw: string): string {
  return raw.length > 60 ? `${raw.slice(0, 60)}…` : raw;
}
