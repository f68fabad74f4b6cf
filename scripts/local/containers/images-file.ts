/**
 * The file in which a project says how its own images behave when they are rehearsed:
 *
 * ```jsonc
 * {
 *   // The first pattern that an image's reference fits counts, in place of the image's tag; * is any text.
 *   "registry.example.com/shop:3.*": "slow-start=20,errors=10%",
 *   "*-worker:*": { "behaviour": "exit=30", "logs": ["worker ready"] }
 * }
 * ```
 *
 * `behaviour.ts` has the words for behaviours.
 */
import { readFile } from "node:fs/promises";
import path from "node:path";

import {
  findNodeAtLocation,
  getNodeValue,
  parseTree,
  printParseErrorCode,
  type Node,
  type ParseError,
} from "jsonc-parser";
import { z } from "zod";

import { BehaviourError, parseBehaviour } from "./behaviour.ts";
import type { CatalogueEntry } from "./catalogue.ts";

/** The file that is read when none is named, in the working directory. */
const standardImagesFile = "slipway.images.jsonc";

/** Something is wrong in a file of images; the message has a line for each mistake, with its place. */
export class ImagesFileError extends Error {
  override readonly name = "ImagesFileError";
}

const behaviour = z.string().transform((text, context) => {
  try {
    return parseBehaviour(text);
  } catch (error) {
    if (!(error instanceof BehaviourError)) throw error;
    context.addIssue({ code: "custom", message: error.message });
    return z.NEVER;
  }
});

const full = z.strictObject({ behaviour: behaviour.optional(), logs: z.array(z.string()).optional() });

const pattern = z
  .string()
  .regex(
    /^[\w.:/@*-]+$/,
    "This is not an image's reference: letters, digits and . _ - : / @ are, and * for any text.",
  );

/** Reads the text of a file of images. @throws ImagesFileError with every mistake in it */
export function parseImages(text: string, file: string): CatalogueEntry[] {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const problems = errors.map(
    ({ offset, error }) => `${placeOf(text, file, offset)}: ${printParseErrorCode(error)}`,
  );
  if (problems.length > 0 || root?.type !== "object") {
    throw new ImagesFileError(
      problems.length > 0 ? problems.join("\n") : `${file}: It takes an object of patterns and behaviours.`,
    );
  }
  const entries: CatalogueEntry[] = [];
  for (const property of root.children ?? []) {
    const [key, value] = property.children ?? [];
    if (!key || !value) continue;
    const name: unknown = getNodeValue(key);
    for (const { message } of pattern.safeParse(name).error?.issues ?? []) {
      problems.push(`${placeOf(text, file, key.offset)}: ${message}`);
    }
    const schema =
      value.type === "string"
        ? behaviour.transform((asked) => ({ behaviour: asked, logs: undefined }))
        : full;
    const parsed = schema.safeParse(getNodeValue(value));
    if (parsed.success) {
      const { behaviour: asked = {}, logs } = parsed.data;
      entries.push({ pattern: String(name), behaviour: { ...asked, ...(logs && { logLines: logs }) } });
    }
    for (const issue of parsed.error?.issues ?? []) {
      problems.push(`${placeOf(text, file, offsetOf(value, issue.path))}: ${messageOf(issue, value)}`);
    }
  }
  if (problems.length > 0) throw new ImagesFileError(problems.join("\n"));
  return entries;
}

function offsetOf(value: Node, within: readonly PropertyKey[]): number {
  const known = within.map((part) => (typeof part === "symbol" ? String(part) : part));
  return (findNodeAtLocation(value, known) ?? value).offset;
}

function messageOf(issue: z.core.$ZodIssue, value: Node): string {
  if (issue.code === "unrecognized_keys") {
    return `There is no ${issue.keys.map((key) => `"${key}"`).join(", ")} here; "behaviour" and "logs" are.`;
  }
  if (issue.path.length === 0 && issue.code === "invalid_type") {
    return `A behaviour such as "slow-start=20" is expected, or an object with "behaviour" and "logs", but this is ${value.type}.`;
  }
  return issue.message;
}

function placeOf(text: string, file: string, offset: number): string {
  const lines = text.slice(0, offset).split("\n");
  return `${file}:${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`;
}

/**
 * Reads a project's file of images. Without a name that is `slipway.images.jsonc` of the working directory, which need
 * not be there.
 *
 * @throws ImagesFileError when the named file is not there, or a file has mistakes
 */
export async function readImages(name: string | undefined): Promise<CatalogueEntry[]> {
  const file = name ?? path.join(process.cwd(), standardImagesFile);
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    if (name === undefined && (cause as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new ImagesFileError(
      `The file of images ${file} cannot be read (${readFailure(cause)}). ./local start --images takes a JSON file; docs/local.md shows one.`,
      { cause },
    );
  });
  return text === null ? [] : parseImages(text, file);
}

function readFailure(cause: unknown): string {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EISDIR") return "it is a folder";
  return code === "EACCES" ? "reading it is not permitted" : String(cause);
}
