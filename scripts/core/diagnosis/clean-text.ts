import { stripVTControlCharacters } from "node:util";

import { masked } from "../masking.ts";

/** What comes from a container is anybody's text: no line of it is longer than this, in characters. */
const longestLine = 400;

/** A line of a log may have a megabyte; what is looked at of it. */
const lookedAt = 8_000;

/** Controls, what turns the direction of text round or hides in it, and halves of characters. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}]/gu;

/** One printable line: no escape sequence, no control character, no secret, not longer than a screen or two. */
export function cleanLine(text: string): string {
  return cut(masked(printable(text)));
}

/** The same for many lines, over several of which a secret may go, as a private key does. Empty ones are left out. */
export function cleanLines(texts: readonly string[]): readonly string[] {
  const lines = texts.flatMap((text) => text.split(/[\r\n]+/)).map(printable);
  return masked(lines.filter((line) => line !== "").join("\n"))
    .split("\n")
    .map(cut)
    .filter((line) => line !== "");
}

function printable(text: string): string {
  // Escapes go before masking, which they would break up; the text is cut after it, lest half a secret is left.
  const looked = stripVTControlCharacters(text.slice(0, lookedAt));
  const flat = looked.replaceAll(/\s+/g, " ").replaceAll(unprintable, "").trim();
  return text.length > lookedAt ? `${flat}…` : flat;
}

function cut(line: string): string {
  const characters = Array.from(line);
  return characters.length <= longestLine ? line : `${characters.slice(0, longestLine - 1).join("")}…`;
}
