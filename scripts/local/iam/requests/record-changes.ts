/**
 * What a change of DNS records has for the condition keys of Route 53, which are written in one form whatever the call
 * writes.
 *
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-conditions-route53.html
 */
import type { Parameters } from "./parameters.ts";

/** The members `RecordNames`, `RecordTypes` and `RecordActions` of a change, each value once. */
export function recordChanges(body: Buffer): Parameters {
  const changes = [...body.toString().matchAll(/<Change>([\s\S]*?)<\/Change>/g)].map(
    ([, change = ""]) => change,
  );
  const each = (element: string, tidy: (text: string) => string): string[] => {
    const found = changes.map(
      (change) => new RegExp(`<${element}>([^<]*)</${element}>`).exec(change)?.[1] ?? "",
    );
    return [...new Set(found.map((text) => tidy(text.trim())))];
  };
  const upper = (text: string): string => text.toUpperCase();
  return {
    RecordNames: each("Name", normalized),
    RecordTypes: each("Type", upper),
    RecordActions: each("Action", upper),
  };
}

/** Lower case, without the last dot, anything but letters, digits, `-`, `_` and `.` as three octal digits. */
function normalized(name: string): string {
  return name
    .toLowerCase()
    .replace(/\.$/, "")
    .replaceAll(
      /\\(?![0-7]{3})|[^a-z0-9_.\\-]/g,
      (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`,
    );
}
