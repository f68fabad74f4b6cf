/**
 * Makes a template with bare placeholders, such as `"image": @VERSION@`, into JSON with comments of the same length,
 * so that every offset stays true.
 */
import { parsePlaceholderName, type Segment } from "./placeholder.ts";

/** What the scan gives. */
export interface BareScan {
  /** The text with every bare placeholder replaced by a string literal of the same length. */
  readonly text: string;
  /** What stands at the offsets of the replaced literals. */
  readonly bare: ReadonlyMap<number, Segment>;
  /** Where lists and objects are nested deeper than `depthLimit`, if they are. */
  readonly tooDeepAt?: number;
}

/** AWS's deepest input has nine levels; the limit keeps a hostile file from overflowing the parser's stack. */
export const depthLimit = 64;

/** Strings (a line break ends a broken one), comments, brackets, and everything that starts with an at sign. */
const token =
  /"(?:[^"\\\r\n]|\\.)*"?|\/\/[^\r\n]*|\/\*[^]*?(?:\*\/|$)|[[{]|[\]}]|@(?:(?!\/[/*])[^\s,\]}"])*/g;
const fenced = /^(@{1,2})([^@]+)\1$/;

/** Finds the bare placeholders of a template, outside of strings and comments. */
export function scanBarePlaceholders(source: string): BareScan {
  const bare = new Map<number, Segment>();
  const open: string[] = [];
  let tooDeepAt: number | undefined;
  const text = source.replace(token, (found: string, offset: number) => {
    if (found === "[" || found === "{") {
      open.push(found);
      if (open.length > depthLimit) tooDeepAt ??= offset;
    } else if (found === "]" || found === "}") {
      // The parser skips a bracket that closes nothing, so it makes nothing less deep.
      if (open.at(-1) === (found === "]" ? "[" : "{")) open.pop();
    } else if (found.startsWith("@")) {
      bare.set(offset, readBare(found, offset));
      return found.length === 1 ? "0" : `"${"x".repeat(found.length - 2)}"`;
    }
    return found;
  });
  return tooDeepAt === undefined ? { text, bare } : { text, bare, tooDeepAt };
}

function readBare(found: string, offset: number): Segment {
  const inner = fenced.exec(found)?.[2];
  const placeholder = inner === undefined ? undefined : parsePlaceholderName(inner);
  if (placeholder !== undefined) return { kind: "placeholder", offset, placeholder };
  const shown = found.length > 60 ? `${found.slice(0, 60)}…` : found;
  const hint =
    'A bare placeholder is @NAME@ and stands alone; to build a text, write it in quotes: "@@NAME@@:1".';
  return { kind: "broken", offset, message: `${shown} is not a placeholder.`, hint };
}
