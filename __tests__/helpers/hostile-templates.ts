/** Templates that are broken in ways that nobody would think of, and those that they are made from. */
import { readFileSync } from "node:fs";

import fc from "fast-check";
import { parseTree, type Node } from "jsonc-parser";

import { hostileText } from "./hostile-text.ts";

/** The two templates of one service. */
export interface Templates {
  readonly taskDefinition: string;
  readonly service: string;
}

const definition = {
  family: "x",
  networkMode: "bridge",
  volumes: [{ name: "data", host: { sourcePath: "/data" } }],
  containerDefinitions: [
    {
      name: "app",
      image: "@@VERSION@@",
      cpu: 64,
      memory: 64,
      essential: true,
      portMappings: [{ containerPort: 80, hostPort: 0, protocol: "tcp" }],
      environment: [{ name: "MODE", value: "@@MODE@@" }],
      secrets: [{ name: "TOKEN", valueFrom: "/x/token" }],
      command: ["serve", "--quiet"],
      mountPoints: [{ sourceVolume: "data", containerPath: "/data" }],
    },
  ],
};
const service = {
  serviceName: "x",
  cluster: "test",
  taskDefinition: "@@TASKDEFINITION_ARN@@",
  desiredCount: 1,
  launchType: "EC2",
  deploymentConfiguration: {
    maximumPercent: 200,
    minimumHealthyPercent: 100,
    deploymentCircuitBreaker: { enable: true, rollback: true },
  },
};

/** Templates without a mistake, for image `nginx` and MODE. */
export const goodTemplates: Templates = {
  taskDefinition: JSON.stringify(definition, undefined, 2),
  service: JSON.stringify(service, undefined, 2),
};

const examples = ["nginx", "hello"].map((name): Templates => {
  const read = (file: string): string =>
    readFileSync(new URL(`../../templates/${name}/${file}`, import.meta.url), "utf8");
  return { taskDefinition: read("task-definition.json"), service: read("service.json") };
});

const fields = ["taskDefinition", "service"] as const;

/** One mutation of one of the good templates' texts. */
function changed(mutate: (source: string) => fc.Arbitrary<string>): fc.Arbitrary<Templates> {
  return fc
    .constantFrom(...fields)
    .chain((field) => mutate(goodTemplates[field]).map((source) => ({ ...goodTemplates, [field]: source })));
}

function nodesOf(source: string): readonly Node[] {
  const found: Node[] = [];
  const visit = (node: Node): void => {
    if (node.type === "property") {
      const value = node.children?.[1];
      if (value !== undefined) visit(value);
      return;
    }
    found.push(node);
    node.children?.forEach(visit);
  };
  const root = parseTree(source);
  if (root !== undefined) visit(root);
  return found;
}

function splice(source: string, offset: number, length: number, insert: string): string {
  return source.slice(0, offset) + insert + source.slice(offset + length);
}

const unknownName = fc.oneof(
  fc.constantFrom("__proto__", "constructor", "toString", "hasOwnProperty", "Family", "containerDefinition"),
  hostileText.map((text) => `?${text}`),
);

const unknownField = changed((source) => {
  const objects = nodesOf(source).filter(({ type }) => type === "object");
  return fc
    .tuple(fc.constantFrom(...objects), unknownName, fc.jsonValue({ maxDepth: 2 }))
    .map(([{ offset }, name, value]) =>
      splice(source, offset + 1, 0, `${JSON.stringify(name)}: ${JSON.stringify(value)},`),
    );
});

/** JSON that a value of that type cannot be. */
const otherTypes: Readonly<Record<string, readonly string[]>> = {
  string: ["17", "true", "[]", "{}", "null"],
  number: ['"many"', "true", "[]", "{}", "null", "1e400", "0.5"],
  boolean: ['"maybe"', "0", "[]", "{}", "null"],
  array: ['"x"', "3", "{}", "null", "false"],
  object: ['"x"', "3", "[]", "null", "true"],
};

const wrongType = changed((source) =>
  fc
    .constantFrom(...nodesOf(source))
    .chain(({ type, offset, length }) =>
      fc
        .constantFrom(...(otherTypes[type] ?? ["null"]))
        .map((other) => splice(source, offset, length, other)),
    ),
);

/** Where a character of the syntax stands, outside of texts. */
function syntaxOf(source: string): readonly number[] {
  return [...source.matchAll(/"[^"]*"|[{}[\]:,]/g)].flatMap(({ 0: found, index }) =>
    found.startsWith('"') ? [index, index + found.length - 1] : [index],
  );
}

const brokenSyntax = changed((source) =>
  fc.constantFrom(...syntaxOf(source)).map((offset) => splice(source, offset, 1, "")),
);

const badPlaceholder = fc.oneof(
  fc.stringMatching(/^[A-Z][A-Z0-9_]{0,9}$/).map((name) => `@@MISSING_${name}@@`),
  fc.constantFrom(
    "@@toString@@",
    "@@constructor@@",
    "@@__proto__@@",
    "@@A B@@",
    "@@@@",
    "@@VERSION",
    "@@ssm:/a b@@",
  ),
  fc.constantFrom("@@ssm:/gone@@", "@@ssm:/secret@@", "@MODE@"),
);

const wrongPlaceholder = changed((source) => {
  const strings = nodesOf(source).filter(({ type }) => type === "string");
  return fc
    .tuple(fc.constantFrom(...strings), badPlaceholder, fc.constantFrom("", "a ", '\\"'))
    .map(([{ offset, length }, placeholder, before]) =>
      // `@MODE@` is wrong only where it is all that stands inside the quotes.
      splice(source, offset, length, `"${placeholder === "@MODE@" ? "" : before}${placeholder}"`),
    );
});

/** Templates of which one has a mistake for certain. */
export const brokenTemplate: fc.Arbitrary<Templates> = fc.oneof(
  unknownField,
  wrongType,
  brokenSyntax,
  wrongPlaceholder,
);

const damage = fc
  .record({
    from: fc.constantFrom(goodTemplates, ...examples),
    field: fc.constantFrom(...fields),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat(40),
    insert: hostileText,
  })
  .map(({ from, field, at, length, insert }) => {
    const source = from[field];
    return { ...from, [field]: splice(source, Math.floor(at * source.length), length, insert) };
  });

const anything = fc
  .tuple(
    fc.constantFrom(...fields),
    fc.oneof(
      hostileText,
      fc
        .object({ key: hostileText, values: [hostileText, fc.double(), fc.constant(null)] })
        .map((value) => JSON.stringify(value)),
    ),
  )
  .map(([field, source]) => ({ ...goodTemplates, [field]: source }));

/** Templates that may have mistakes, and may have none. */
export const damagedTemplate: fc.Arbitrary<Templates> = fc.oneof({ weight: 3, arbitrary: damage }, anything);
