import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/** The value of a cookie in a Cookie header; undefined when it is not there. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(";") ?? []) {
    const equals = pair.indexOf("=");
    if (equals !== -1 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return undefined;
}

/** The names of the cookies that a response sets. */
export function cookieNames(setCookie: readonly string[] | undefined): string[] {
  return (setCookie ?? []).map((line) => line.slice(0, Math.max(0, line.indexOf("="))).trim());
}

const algorithm = "aes-256-gcm";
const ivBytes = 12;
const tagBytes = 16;

/** Hides what a load balancer's cookies say, with a key of this run, so that a client cannot read or forge them. */
export class CookieSeal {
  readonly #key = randomBytes(32);

  /** The text in a form that only `open` reads. */
  close(text: string): string {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv(algorithm, this.#key, iv);
    const hidden = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), hidden]).toString("base64");
  }

  /** The text of a value that `close` gave; undefined for any other. */
  open(value: string): string | undefined {
    const bytes = Buffer.from(value, "base64");
    if (bytes.length <= ivBytes + tagBytes) return undefined;
    const decipher = createDecipheriv(algorithm, this.#key, bytes.subarray(0, ivBytes));
    decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
    try {
      const hidden = bytes.subarray(ivBytes + tagBytes);
      return Buffer.concat([decipher.update(hidden), decipher.final()]).toString("utf8");
    } catch {
      return undefined;
    }
  }
}
