import { escapeObeyed } from "./clean-text.ts";
import { defusedJson } from "./workflow-commands.ts";

/** JSON that neither a terminal nor the runner of GitHub Actions finds an order in; its meaning is unchanged. */
export function jsonText(value: unknown, indent?: number): string {
  return `${defusedJson(escapeObeyed(JSON.stringify(value, undefined, indent)))}\n`;
}

/** The last line of `--events ndjson`. */
export function resultLine(at: string, exitCode: number, document: object): string {
  const members: object = Array.isArray(document) ? { items: document as unknown[] } : document;
  // The document may have members of these names; here they mean the line.
  return jsonText(Object.assign({ at, type: "result", exitCode }, members, { type: "result" }));
}
