import { describe, expect, test } from "@jest/globals";

import { formatProblem } from "../../scripts/core/problem.ts";
import { parseTemplate, type ParsedTemplate } from "../../scripts/core/template/parse-template.ts";

function parsed(text: string): ParsedTemplate {
  const template = parseTemplate("t.json", text);
  expect(template.problems).toEqual([]);
  return template;
}

function problems(text: string): readonly string[] {
  return parseTemplate("t.json", text).problems.map(formatProblem);
}

describe("placeholders are found with their places", () => {
  test("in texts, with text around them and more than one in a text", () => {
    const { placeholders } = parsed('{\n  "a": "x-@@ENV@@-@@ssm:/app/db-url@@",\n  "b": ["@@a1@@"]\n}');
    expect(placeholders).toEqual([
      { kind: "name", name: "ENV", line: 2, column: 11, path: "$.a" },
      { kind: "parameter", parameter: "/app/db-url", line: 2, column: 19, path: "$.a" },
      { kind: "name", name: "a1", line: 3, column: 10, path: "$.b[0]" },
    ]);
  });

  test("bare, with one sign or two, wherever a value stands", () => {
    const { placeholders } = parsed('{"a": @A@, "b": [@@B@@,@C@],\r\n"d":@@ssm:/d/e@@}');
    expect(placeholders.map(({ line, column, path }) => [line, column, path])).toEqual([
      [1, 7, "$.a"],
      [1, 18, "$.b[0]"],
      [1, 24, "$.b[1]"],
      [2, 5, "$.d"],
    ]);
  });

  test("right before a comment, but not inside one", () => {
    const { placeholders } = parsed('{ // @NO@ "\n"a": @A@// @NO@\n, "b": @B@/* @NO@ " */ }');
    expect(placeholders.map((placeholder) => placeholder.kind === "name" && placeholder.name)).toEqual([
      "A",
      "B",
    ]);
  });

  test("with exact columns behind escapes", () => {
    expect(parsed(String.raw`{"a": "\u0040\"\\@@A@@"}`).placeholders).toMatchObject([{ column: 18 }]);
  });

  test("not where an escape says that the sign means itself", () => {
    expect(parsed(String.raw`{"a": "@\u0040A@@x", "b": "\u0040@B@\u0040"}`).placeholders).toEqual([]);
  });

  test("in the names of map entries too", () => {
    expect(parsed('{"dockerLabels": {"x.@@A@@": "1"}}').placeholders).toMatchObject([
      { name: "A", line: 1, column: 22, path: '$.dockerLabels["x.@@A@@"]' },
    ]);
  });
});

describe("a template is JSON with comments", () => {
  test("trailing commas and a byte order mark are allowed, and do not move columns", () => {
    expect(parsed('\uFEFF{"a": "@@A@@",}').placeholders).toMatchObject([{ line: 1, column: 8 }]);
  });

  test.each([
    ["", "t.json:1:1 $: A value is expected here."],
    ["// nothing", "t.json:1:11 $: A value is expected here."],
    ["[1]", "t.json:1:1 $: A template is a JSON object: { … }."],
    ["@VERSION@", "t.json:1:1 $: A template is a JSON object: { … }."],
    ['{"a": 1', "t.json:1:8 $: A closing brace } is expected here."],
    ['{"a": "x\n}', "t.json:1:7 $: This text is not closed: its closing quote is missing."],
    ['{"a" 1}', "t.json:1:6 $: A colon is expected here."],
    ["{'a': 1}", "t.json:1:2 $: This is not a JSON value."],
    ['{} {"a": 1}', "t.json:1:4 $: The file goes on after its end; it has to be a single object."],
    ["{ /* x", "t.json:1:3 $: This comment is not closed."],
  ])("%j is told with its place", (text, problem) => {
    expect(problems(text)).toContain(problem);
  });

  test("a missing comma leaves the rest readable", () => {
    const template = parseTemplate("t.json", '{\n  "a": 1\n  "b": "@@B@@"\n}');
    expect(template.placeholders).toMatchObject([{ path: "$.b" }]);
    expect(problems('{\n  "a": 1\n  "b": 2\n}')).toEqual(["t.json:3:3 $: A comma is expected here."]);
  });

  test("an escape that does not exist is told and leaves the rest readable", () => {
    expect(problems(String.raw`{"a": "\x@@A@@"}`)).toEqual([
      String.raw`t.json:1:7 $: This escape does not exist; JSON has \" \\ \/ \b \f \n \r \t and \u.`,
    ]);
  });

  test("nesting deeper than any input of AWS is refused before the parser runs out of stack", () => {
    expect(problems(`{"a": ${"[".repeat(200_000)}`)).toEqual([
      "t.json:1:70 $: Lists and objects are nested more than 64 levels deep.",
    ]);
  });

  test("brackets that close nothing do not hide how deep the others are", () => {
    expect(problems(`{"a": ${"[},".repeat(200_000)}`)).toEqual([
      "t.json:1:196 $: Lists and objects are nested more than 64 levels deep.",
    ]);
  });

  test("a bare placeholder with text around it is told beside the syntax that it breaks", () => {
    const [problem] = problems('{"image": @REGISTRY@/app:@TAG@');
    expect(problem).toMatch(/^t\.json:1:11 \$: @REGISTRY@\/app:@TAG@ is not a placeholder\. .*stands alone/);
  });
});
