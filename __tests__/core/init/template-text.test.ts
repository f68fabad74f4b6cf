import { describe, expect, jest, test } from "@jest/globals";
import fc from "fast-check";

import { PlaceholderText, templateText } from "../../../scripts/core/init/template-text.ts";
import { fillTemplate } from "../../../scripts/core/template/fill-template.ts";
import { parseTemplate } from "../../../scripts/core/template/parse-template.ts";
import { hostileText } from "../../helpers/hostile-text.ts";

// Hundreds of documents take longer where other tests share the processor.
jest.setTimeout(60_000);

/** The document that a run reads from the text; every placeholder stands for `image:1`. */
function readBack(text: string): unknown {
  const filled = fillTemplate(parseTemplate("t.json", text), "TaskDefinition", () => ({
    kind: "value",
    value: "image:1",
  }));
  return filled.ok ? filled.document : filled.problems;
}

const withLabels = (labels: object, image: unknown = "i"): object => ({
  family: "f",
  containerDefinitions: [{ name: "a", image, memory: 64, dockerLabels: labels }],
});

describe("a template that was written", () => {
  test("has its placeholders filled", () => {
    expect(readBack(templateText(withLabels({}, new PlaceholderText("CONTAINER_VERSION"))))).toEqual(
      withLabels({}, "image:1"),
    );
  });

  test.each([
    "@@CONTAINER_VERSION@@",
    "a@@NAME@@b",
    "@NAME@",
    "@@",
    "@@@@@",
    "user@@host",
    "@@ssm:/x@@",
    '"@@X@@\\"',
    "// no comment",
    "",
    "\u0000\u2028\uD800",
    "\uE000TASKDEFINITION_ARN\uE000",
  ])("reads back %j as text, in a value and in a name", (text) => {
    const document = withLabels({ label: text, [`name ${text}`]: "x" });
    expect(readBack(templateText(document))).toEqual(document);
  });

  test("reads back whatever it is made of", () => {
    fc.assert(
      fc.property(fc.dictionary(hostileText, hostileText), (labels) => {
        expect(readBack(templateText(withLabels(labels)))).toEqual(withLabels(labels));
      }),
      { numRuns: 500 },
    );
  });

  test("keeps a mail address as people write it", () => {
    expect(templateText({ a: "me@example.org" })).toBe('{\n  "a": "me@example.org"\n}\n');
  });

  test("has short lists and pairs on a line each", () => {
    const text = templateText({ environment: [{ name: "A", value: "1" }], command: ["a", "b"], volumes: [] });
    expect(text).toBe(
      '{\n  "environment": [\n    { "name": "A", "value": "1" }\n  ],\n  "command": ["a", "b"],\n  "volumes": []\n}\n',
    );
  });
});
