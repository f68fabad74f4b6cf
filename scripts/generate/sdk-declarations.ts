/** Reads an AWS SDK client's type declarations for what its runtime schemas leave out: enums and where they stand. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

import ts from "typescript";

/** What the declarations tell. */
export interface Declarations {
  /** The enum that the field (or its elements) is typed with, if it is one. */
  enumOf(structure: string, field: string): string | undefined;
  /** The enum's values, sorted; throws when there is no such enum. */
  enumValues(name: string): readonly string[];
  /** The structure's fields that are declared without a question mark. */
  requiredFieldsOf(structure: string): readonly string[];
}

/** Reads the declarations of the models of an installed client package, such as `@aws-sdk/client-ecs`. */
export function readDeclarations(packageName: string): Declarations {
  const enums = new Map<string, readonly string[]>();
  const interfaces = new Map<string, ts.InterfaceDeclaration>();
  for (const source of sourcesOf(packageName)) {
    for (const statement of source.statements) {
      if (ts.isInterfaceDeclaration(statement)) interfaces.set(statement.name.text, statement);
      else if (ts.isVariableStatement(statement)) addEnums(statement, enums);
    }
  }
  const fieldsOf = (structure: string) =>
    interfaces.get(structure)?.members.filter((member) => ts.isPropertySignature(member)) ?? [];
  return {
    enumOf(structure, field) {
      const type = fieldsOf(structure).find((member) => nameOf(member) === field)?.type;
      return type === undefined ? undefined : referencedNames(type).find((name) => enums.has(name));
    },
    enumValues(name) {
      const values = enums.get(name);
      if (values === undefined) throw new Error(`${packageName} declares no enum "${name}".`);
      return values;
    },
    requiredFieldsOf: (structure) =>
      fieldsOf(structure)
        .filter((member) => member.questionToken === undefined)
        .map(nameOf),
  };
}

function sourcesOf(packageName: string): ts.SourceFile[] {
  const main = createRequire(import.meta.url).resolve(packageName);
  const folder = path.join(path.dirname(main), "..", "dist-types", "models");
  return readdirSync(folder)
    .filter((name) => name.endsWith(".d.ts"))
    .map((name) =>
      ts.createSourceFile(name, readFileSync(path.join(folder, name), "utf8"), ts.ScriptTarget.Latest, true),
    );
}

/** An enum is declared as `const Name: { readonly KEY: "value"; … }`. */
function addEnums(statement: ts.VariableStatement, enums: Map<string, readonly string[]>): void {
  for (const { name, type } of statement.declarationList.declarations) {
    if (!ts.isIdentifier(name) || type === undefined || !ts.isTypeLiteralNode(type)) continue;
    const values = type.members.flatMap((member) =>
      ts.isPropertySignature(member) &&
      member.type !== undefined &&
      ts.isLiteralTypeNode(member.type) &&
      ts.isStringLiteral(member.type.literal)
        ? [member.type.literal.text]
        : [],
    );
    if (values.length > 0) enums.set(name.text, values.toSorted());
  }
}

function nameOf(member: ts.PropertySignature): string {
  return ts.isIdentifier(member.name) || ts.isStringLiteral(member.name) ? member.name.text : "";
}

/** The names that a type refers to: `A[] | undefined` and `Record<string, A>` both lead to A. */
function referencedNames(type: ts.TypeNode): string[] {
  if (ts.isUnionTypeNode(type)) return type.types.flatMap(referencedNames);
  if (ts.isArrayTypeNode(type)) return referencedNames(type.elementType);
  if (!ts.isTypeReferenceNode(type)) return [];
  const own = ts.isIdentifier(type.typeName) ? [type.typeName.text] : [];
  return [...own, ...(type.typeArguments ?? []).flatMap(referencedNames)];
}
