/** Hides what looks like a secret before a document is shown. What is sent to AWS is never touched. */
import { isMap } from "./diff/lists.ts";
import { arnPattern, looksSecretName, secretFlag, secretPatterns } from "./masking-patterns.ts";

/** Stands where a secret was. */
const maskedMark = "(masked)";
/** Stands where a secret was that is not the one before. */
const changedMark = "(masked, changed)";

/**
 * The document with every secret hidden: values of variables, tags, labels and log options whose name looks secret,
 * and what looks like a secret in any text. References to secrets (`valueFrom`) are none.
 *
 * @param before what the document takes the place of: a secret that was not there then says that it has changed
 */
export function masked<Value>(document: Value, before?: unknown): Value {
  const earlier = before === undefined ? undefined : new Set(secretsIn(before));
  const mark = (secret: string): string =>
    earlier === undefined || earlier.size === 0 || earlier.has(secret) ? maskedMark : changedMark;
  // The shape stays as it is: only texts are exchanged for texts.
  return mapTexts(document, (text, secret) => hide(text, secret, mark)) as Value;
}

/** A single value that has a name beside the document, as `environment[DB_PASSWORD]` has. */
export function maskedAt(name: string | undefined, value: unknown, before?: unknown): unknown {
  const named = (inner: unknown): unknown =>
    name === undefined || typeof inner !== "string" ? inner : { name, value: inner };
  const hidden = masked(named(value), named(before));
  return name === undefined || typeof value !== "string" ? hidden : (hidden as { value: unknown }).value;
}

/** Where in a document a text stands that looks like a secret: paths as the differences have them. */
export function secretPlaces(document: unknown): readonly string[] {
  const places: string[] = [];
  mapTexts(document, (text, secret, path) => {
    if (hide(text, secret, () => maskedMark) !== text) places.push(path);
    return text;
  });
  return places;
}

function secretsIn(document: unknown): readonly string[] {
  const secrets: string[] = [];
  mapTexts(document, (text, secret) =>
    hide(text, secret, (found) => {
      secrets.push(found);
      return maskedMark;
    }),
  );
  return secrets;
}

type ChangeText = (text: string, secret: boolean, path: string) => string;

interface Place {
  readonly path: string;
  /** Whether the text is a secret by the name that it has. */
  readonly secret: boolean;
  /** Whether the keys of a structure are names that the user chose. */
  readonly map: boolean;
}

/** Runs `change` over every text of a document, and gives the document with what it answered. */
function mapTexts(document: unknown, change: ChangeText): unknown {
  const visit = (value: unknown, place: Place): unknown => {
    if (typeof value === "string") return change(value, place.secret, place.path);
    if (Array.isArray(value))
      return value.map((item: unknown, index) => visit(item, inList(value, index, place)));
    if (typeof value !== "object" || value === null || value instanceof Date) return value;
    const named = nameIn(value);
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]: [string, unknown]) => {
        const secret =
          (key === "value" && named !== undefined && looksSecretName(named)) ||
          (place.map && (place.secret || looksSecretName(key)));
        const path = place.map
          ? `${place.path}[${key}]`
          : key === "value" && named !== undefined
            ? place.path
            : joined(place.path, key);
        return [key, visit(inner, { path, secret, map: isMap(key) || key === "hookDetails" || place.map })];
      }),
    );
  };
  return visit(document, { path: "", secret: false, map: false });
}

function inList(list: readonly unknown[], index: number, place: Place): Place {
  const [item, previous] = [list[index], list[index - 1]];
  const afterFlag =
    typeof item === "string" &&
    typeof previous === "string" &&
    secretFlag.test(previous) &&
    !item.startsWith("-");
  const name = nameIn(item);
  return { ...place, path: `${place.path}[${name ?? index}]`, secret: place.secret || afterFlag };
}

/** What a structure calls itself: a variable's or container's name, a tag's key. */
function nameIn(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if ("name" in value && typeof value.name === "string") return value.name;
  return "key" in value && typeof value.key === "string" ? value.key : undefined;
}

function joined(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

/** An empty text hides nothing, a switch is no secret, and an ARN or a shell's variable says where one is. */
const openly = /^["']?(?:|true|false|arn:aws[\w-]*:\S+|\$(?:\w+|\{\w+\}))["']?$/i;

function hide(text: string, secret: boolean, mark: (secret: string) => string): string {
  if (openly.test(text)) return text;
  if (secret) return mark(text);
  return outsideArns(text, (part) =>
    secretPatterns.reduce(
      (shown, pattern) =>
        shown.replace(pattern, (found: string) =>
          found.startsWith("(masked") || openly.test(found) ? found : mark(found),
        ),
      part,
    ),
  );
}

function outsideArns(text: string, change: (part: string) => string): string {
  const arns = [...text.matchAll(arnPattern)];
  const last = arns.at(-1);
  if (last === undefined) return change(text);
  let from = 0;
  const parts = arns.map((arn) => {
    const part = change(text.slice(from, arn.index)) + arn[0];
    from = arn.index + arn[0].length;
    return part;
  });
  return parts.join("") + change(text.slice(from));
}
