import { stripVTControlCharacters } from "node:util";

/** What a terminal obeys, but for the ends of lines: control characters, and marks that turn the writing about. */
const obeyed = /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** A colour as `paint.ts` writes it. */
const colour = /\p{Cc}\[[\d;]*m/gu;

/** Members that may hold several lines; every other text of an event is one line. */
const severalLines = new Set(["message", "reason", "because", "problem", "cause", "remedy", "evidence"]);

/** Text from outside (AWS, a container's log, a template) as text alone: no escape sequence, no control character. */
export function cleanText(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll("\t", "  ")
    .replaceAll(obeyed, "");
}

/** The same on one line. */
export function cleanLine(text: string): string {
  return cleanText(text)
    .replaceAll(/\s*\n\s*/g, " ")
    .trim();
}

/** Text that was put together for a terminal: its colours and tabs stay, and nothing else that a terminal obeys. */
export function cleanPainted(text: string): string {
  const colours = text.match(colour) ?? [];
  return text
    .split(colour)
    .map(
      (between, index) =>
        `${stripVTControlCharacters(between).replaceAll(obeyed, "")}${colours[index] ?? ""}`,
    )
    .join("");
}

/** JSON whose strings hold what a terminal obeys as escapes of JSON: JSON itself escapes only the oldest of it. */
export function escapeObeyed(json: string): string {
  return json.replaceAll(
    obeyed,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** An event, or a part of one, whose every text is clean. */
export function cleanDeep<Value>(value: Value): Value {
  // The shape stays: texts are replaced by texts.
  return clean(value, cleanLine) as Value;
}

function clean(value: unknown, text: (text: string) => string): unknown {
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) return value.map((one) => clean(one, text));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      clean(member, severalLines.has(key) ? cleanText : cleanLine),
    ]),
  );
}
