/** Answers of query APIs, as far as they go: elements in elements, with text in the innermost. */
import { resolveSchema, structureKind, type StructureTuple } from "../../../scripts/local/ecs/api/schema.ts";

/** An element; `text` is what stands between its tags, with what is in its children left out. */
export interface XmlElement {
  readonly name: string;
  readonly children: XmlElement[];
  text: string;
}

const token = /<\?[^>]*\?>|<(\/?)([\w.-]+)[^>]*?(\/?)>|([^<]+)/g;
const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** Reads a document. @returns its root */
export function readXml(document: string): XmlElement {
  const root: XmlElement = { name: "", children: [], text: "" };
  const open = [root];
  for (const [, closing, name, empty, text] of document.matchAll(token)) {
    const parent = open.at(-1) ?? root;
    if (text !== undefined) {
      parent.text += text.replace(/&(\w+);/g, (whole, entity: string) => entities[entity] ?? whole);
    } else if (closing) open.pop();
    else if (name !== undefined) {
      const element: XmlElement = { name, children: [], text: "" };
      parent.children.push(element);
      if (!empty) open.push(element);
    }
  }
  const [found] = root.children;
  if (!found || open.length > 1) throw new Error(`This is no XML document: ${document.slice(0, 200)}`);
  return found;
}

/**
 * What the result of an operation would be in JSON, by the SDK's schema of it. What the schema does not have keeps its
 * name, so that it can be told.
 */
export function resultOf(document: string, operation: string, schema: unknown): unknown {
  const result = readXml(document).children.find(({ name }) => name === `${operation}Result`);
  return result ? valueOf(schema, result) : {};
}

const timestamps = [4, 5, 6, 7];
const listBit = 64;

function valueOf(reference: unknown, element: XmlElement): unknown {
  const schema = resolveSchema(reference);
  if (typeof schema === "number") return simpleValueOf(schema, element);
  if (!Array.isArray(schema)) return element.text;
  switch (structureKind(schema)) {
    case "structure": {
      const [, , , , names, members] = schema as unknown as StructureTuple;
      return Object.fromEntries(
        element.children.map((child) => [child.name, valueOf(members[names.indexOf(child.name)], child)]),
      );
    }
    case "list":
      return element.children.map((child) => valueOf(schema[4], child));
    case "simple":
      return simpleValueOf(Number(schema[4]), element);
    case "map":
    case undefined:
      return element.text;
  }
}

function simpleValueOf(schema: number, element: XmlElement): unknown {
  if (schema >= listBit) return element.children.map((child) => simpleValueOf(schema & ~listBit, child));
  if (timestamps.includes(schema)) return Date.parse(element.text) / 1000;
  if (schema === 1) return Number(element.text);
  return schema === 2 ? element.text === "true" : element.text;
}
