import { createHash } from "node:crypto";

/** The hexadecimal SHA-256 of a text, as revisions carry it. */
export function sha256(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}
