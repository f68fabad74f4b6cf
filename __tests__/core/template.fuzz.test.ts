/** What holds for every template and value, tried on thousands that nobody would think of. */
import { readFileSync } from "node:fs";

import { describe, expect, jest, test } from "@jest/globals";
import fc from "fast-check";

import type { ShapeName } from "../../scripts/core/aws-model/model.ts";
import { resolveDeferred } from "../../scripts/core/template/deferred.ts";
import { checkTemplate, fillTemplate } from "../../scripts/core/template/fill-template.ts";
import { findServices } from "../../scripts/core/template/find-services.ts";
import type { Found } from "../../scripts/core/template/lookup.ts";
import { parseTemplate } from "../../scripts/core/template/parse-template.ts";
import { createServiceInput, updateServiceInput } from "../../scripts/core/template/service-inputs.ts";
import { hostileText as text } from "../helpers/hostile-text.ts";

const runs = { numRuns: 2000 };
// Thousands of documents take seconds, and more of them where other tests share the processor.
jest.setTimeout(60_000);
const shapes: readonly ShapeName[] = ["TaskDefinition", "Service", "CreateService", "UpdateService"];
const examples = ["nginx/task-definition.json", "nginx/service.json"].map((file) =>
  readFileSync(new URL(`../../templates/${file}`, import.meta.url), "utf8"),
);

const found: fc.Arbitrary<Found> = fc.oneof(
  text.map((value): Found => ({ kind: "value", value })),
  fc.constantFrom<Found>({ kind: "deferred" }, { kind: "unchecked" }),
  fc.constantFrom<Found>(
    { kind: "missing", lookedIn: ["nowhere"], known: ["A"] },
    { kind: "refused", message: "No." },
  ),
);

/** Every layer on one text: whatever comes back, nothing may throw, and every place has to be inside the text. */
function runAll(source: string, shape: ShapeName, answer: Found): void {
  const lines = source.split(/\r\n|\n|\r/);
  const template = parseTemplate("t.json", source);
  const filled = fillTemplate(template, shape, () => answer);
  if (answer.kind === "unchecked")
    expect(checkTemplate(template, shape)).toEqual(filled.ok ? [] : filled.problems);
  for (const { line, column } of filled.ok ? [] : filled.problems) {
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? -1) + 1);
  }
  if (!filled.ok) expect(filled.problems).not.toEqual([]);
  else if (answer.kind === "value") {
    resolveDeferred(createServiceInput(filled.document), { TASKDEFINITION_ARN: "arn" });
    resolveDeferred(updateServiceInput(filled.document), { TASKDEFINITION_ARN: "arn" });
  }
}

describe("whatever a template holds, it is filled or its mistakes are told", () => {
  test("random text", () => {
    fc.assert(fc.property(text, fc.constantFrom(...shapes), found, runAll), runs);
  });

  test("any JSON document with placeholders in it", () => {
    fc.assert(
      fc.property(
        fc.object({ key: text, values: [text, fc.double(), fc.boolean(), fc.constant(null)] }),
        fc.constantFrom(...shapes),
        found,
        (document, shape, answer) => {
          runAll(JSON.stringify(document), shape, answer);
        },
      ),
      runs,
    );
  });

  test("good templates with a piece cut out and another put in", () => {
    const damage = fc.record({
      source: fc.constantFrom(...examples),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.nat(40),
      insert: text,
    });
    fc.assert(
      fc.property(
        damage,
        fc.constantFrom(...shapes),
        found,
        ({ source, at, length, insert }, shape, answer) => {
          const offset = Math.floor(at * source.length);
          runAll(source.slice(0, offset) + insert + source.slice(offset + length), shape, answer);
        },
      ),
      runs,
    );
  });
});

describe("a value cannot inject anything", () => {
  /** A container with values in every kind of place that takes a text. */
  const template = `{
    "family": "web", // @@A@@
    "containerDefinitions": [{
      "name": "web", "image": "nginx", "memory": 64,
      "user": "@@A@@", "hostname": @B@, "workingDirectory": "a @@A@@@@B@@ \\u0040@@A@@",
      "command": ["@@A@@", "x@@B@@"],
      "environment": [{ "name": "A", "value": "@@A@@" }, { "name": "B", "value": "\\"@@B@@\\\\" }],
      "dockerLabels": { "label": "@@A@@", "other": @@B@@ }
    }]
  }`;

  test("the filled document is the one written by hand with exactly these texts", () => {
    const parsed = parseTemplate("t.json", template);
    fc.assert(
      fc.property(text, text, (a, b) => {
        const values: Readonly<Record<string, string>> = { A: a, B: b };
        const filled = fillTemplate(parsed, "TaskDefinition", (placeholder) => ({
          kind: "value",
          value: placeholder.kind === "name" ? (values[placeholder.name] ?? "") : "",
        }));
        expect(filled.ok && filled.document).toEqual({
          family: "web",
          containerDefinitions: [
            {
              name: "web",
              image: "nginx",
              memory: 64,
              user: a,
              hostname: b,
              workingDirectory: `a ${a}${b} @${a}`,
              command: [a, `x${b}`],
              environment: [
                { name: "A", value: a },
                { name: "B", value: `"${b}\\` },
              ],
              dockerLabels: { label: a, other: b },
            },
          ],
        });
      }),
      runs,
    );
  });

  test("a label may have any name, and is only ever a label", () => {
    const parsed = parseTemplate(
      "t.json",
      '{"family": "a", "containerDefinitions": [{"name": "a", "image": "a", "memory": 9, "dockerLabels": {"@@A@@": "1"}}]}',
    );
    fc.assert(
      fc.property(text, (value) => {
        const filled = fillTemplate(parsed, "TaskDefinition", () => ({ kind: "value", value }));
        const dockerLabels = Object.fromEntries([[value, "1"]]);
        const containerDefinitions = [{ name: "a", image: "a", memory: 9, dockerLabels }];
        expect(JSON.stringify(filled.ok && filled.document)).toBe(
          JSON.stringify({ family: "a", containerDefinitions }),
        );
      }),
      runs,
    );
  });
});

test("whatever a folder holds, its services are found or its ambiguity is told", () => {
  const name = fc.oneof(
    text,
    fc.constantFrom("web", "td-web.json", "web/service.json", "td-web.template", "__proto__/service.json"),
  );
  fc.assert(
    fc.property(fc.array(name, { maxLength: 6 }), (listing) => {
      const result = findServices(listing);
      if (result.ok)
        expect(new Set(result.services.map((service) => service.name)).size).toBe(result.services.length);
      else expect(result.problems).not.toEqual([]);
    }),
    runs,
  );
});
