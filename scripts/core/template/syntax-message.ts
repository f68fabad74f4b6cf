import type { ParseErrorCode } from "jsonc-parser";

/** The parser's error codes: its own enum has no values that can be imported from a module. */
const messages: Readonly<Record<number, string>> = {
  1: "This is not a JSON value.",
  2: "This is not a number.",
  3: "A field's name in double quotes is expected here.",
  4: "A value is expected here.",
  5: "A colon is expected here.",
  6: "A comma is expected here.",
  7: "A closing brace } is expected here.",
  8: "A closing bracket ] is expected here.",
  9: "The file goes on after its end; it has to be a single object.",
  10: "Comments are not allowed here.",
  11: "This comment is not closed.",
  12: "This text is not closed: its closing quote is missing.",
  13: "This number is not complete.",
  14: "An escape \\u takes four hexadecimal digits.",
  15: 'This escape does not exist; JSON has \\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u.',
  16: "This character is not allowed here; inside a text, control characters are written as escapes.",
};

/** Errors after which the rest of the document is still read as it was meant, so that its mistakes can be told too. */
const mild: ReadonlySet<number> = new Set([1, 2, 4, 6, 13, 14, 15, 16]);

/** Whether reading can go on after the error. */
export function isMild(code: ParseErrorCode): boolean {
  return mild.has(code);
}

/** What is wrong, in words. */
export function syntaxMessage(code: ParseErrorCode): string {
  return messages[code] ?? "This is not JSON.";
}
