import { describe, expect, test } from "@jest/globals";

import { takeDependsOn } from "../../scripts/core/template/depends-on.ts";
import { fillTemplate } from "../../scripts/core/template/fill-template.ts";
import { parseTemplate } from "../../scripts/core/template/parse-template.ts";

const take = (value: string) =>
  takeDependsOn(
    parseTemplate("t/web/service.json", `{\n  "serviceName": "web",\n  "dependsOn": ${value}\n}`),
    "web",
    ["api", "db", "web"],
  );

describe("dependsOn", () => {
  test("is read and taken off before AWS's model sees the template", () => {
    const { dependsOn, problems, template } = take('["api", "db"]');
    expect({ dependsOn, problems }).toEqual({ dependsOn: ["api", "db"], problems: [] });
    expect(fillTemplate(template, "Service", () => ({ kind: "unchecked" }))).toMatchObject({
      ok: true,
      document: { serviceName: "web" },
    });
  });

  test("may be left out", () => {
    const parsed = parseTemplate("t/web/service.json", '{"serviceName": "web"}');
    expect(takeDependsOn(parsed, "web", ["web"])).toEqual({ template: parsed, dependsOn: [], problems: [] });
  });

  test.each([
    ['"api"', "list of names"],
    ["[1]", "list of names"],
    ['[""]', "list of names"],
    ["null", "list of names"],
    ['["web"]', "cannot depend on itself"],
    ['["api", "api"]', "named twice"],
    ['["ap"]', 'There is no service "ap"'],
  ])("%s is a problem with its place", (value, message) => {
    const { problems } = take(value);
    expect(problems).toEqual([
      expect.objectContaining({
        file: "t/web/service.json",
        line: 3,
        path: "$.dependsOn",
        message: expect.stringContaining(message),
      }),
    ]);
  });

  test("suggests the name that was probably meant", () => {
    expect(take('["apii"]').problems[0]?.hint).toContain("Did you mean api?");
  });
});
