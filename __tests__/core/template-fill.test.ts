import { describe, expect, test } from "@jest/globals";

import { deferredNames, resolveDeferred } from "../../scripts/core/template/deferred.ts";
import { container, fill, filled, service } from "../helpers/fill-text.ts";

describe("a string that is nothing but a placeholder takes the type of its field", () => {
  test.each<[string, Record<string, string>, unknown]>([
    ['"desiredCount": "@@V@@"', { V: "2" }, 2],
    ['"desiredCount": @V@', { V: "0" }, 0],
    ['"forceNewDeployment": "@@V@@"', { V: "true" }, true],
    ['"enableExecuteCommand": @V@', { V: "false" }, false],
    ['"cluster": "@@V@@"', { V: "2" }, "2"],
    ['"launchType": "@@V@@"', { V: "EC2" }, "EC2"],
  ])("%s", (field, values, expected) => {
    const name = /"(\w+)"/.exec(field)?.[1] ?? "";
    expect(filled("Service", service(field), values)).toHaveProperty(name, expected);
  });

  test("a list is split at its commas", () => {
    const text = service('"networkConfiguration": {"awsvpcConfiguration": {"subnets": "@@IDS@@"}}');
    expect(filled("Service", text, { IDS: "subnet-1, subnet-2" })).toHaveProperty(
      "networkConfiguration.awsvpcConfiguration.subnets",
      ["subnet-1", "subnet-2"],
    );
  });

  test("an element of a list of identifiers may stand for several of them", () => {
    const text = service(
      '"networkConfiguration": {"awsvpcConfiguration": {"subnets": ["s-0", "@@IDS@@", "s-3"]}}',
    );
    expect(filled("Service", text, { IDS: "s-1,s-2" })).toHaveProperty(
      "networkConfiguration.awsvpcConfiguration.subnets",
      ["s-0", "s-1", "s-2", "s-3"],
    );
  });

  test("an element of any other list stays one, whatever commas it has", () => {
    expect(filled("TaskDefinition", container('"command": ["@@C@@"]'), { C: "a,b" })).toHaveProperty(
      "containerDefinitions.0.command",
      ["a,b"],
    );
  });

  test.each<[string, string, string]>([
    [
      '"desiredCount": "@@V@@"',
      "abc",
      '$.desiredCount: @@V@@: "abc" is not a whole number, which this field takes.',
    ],
    [
      '"desiredCount": "@@V@@"',
      "",
      '$.desiredCount: @@V@@: "" is not a whole number, which this field takes.',
    ],
    ['"desiredCount": "@@V@@"', "2.5", '"2.5" is not a whole number'],
    ['"desiredCount": "@@V@@"', "1e3", '"1e3" is not a whole number'],
    ['"forceNewDeployment": @V@', "yes", '"yes" is not true or false'],
    [
      '"deploymentConfiguration": "@@V@@"',
      "{}",
      "A placeholder cannot stand for an object (DeploymentConfiguration).",
    ],
    ['"loadBalancers": "@@V@@"', "a", "A placeholder cannot stand for an object (LoadBalancer)."],
    [
      '"networkConfiguration": {"awsvpcConfiguration": {"subnets": @V@}}',
      "a,,b",
      'The list "a,,b" has an empty element.',
    ],
    ['"launchType": "@@V@@"', "fargate", 'Did you mean "FARGATE"?'],
  ])("%s with %j is a problem", (field, value, problem) => {
    expect(filled("Service", service(field), { V: value })).toEqual([expect.stringContaining(problem)]);
  });
});

describe("a placeholder with text around it gives a text", () => {
  test("of all its parts", () => {
    expect(filled("Service", service('"cluster": "a-@@E@@-@@E@@b"'), { E: "x" })).toHaveProperty(
      "cluster",
      "a-x-xb",
    );
  });

  test("which is a mistake where a number is wanted", () => {
    expect(filled("Service", service('"desiredCount": "1@@V@@"'), { V: "2" })).toEqual([
      't.json:1:40 $.desiredCount: Expected a whole number, found the text "12". Write 12, without quotes.',
    ]);
  });

  test("also in the names of labels", () => {
    const text = container('"dockerLabels": {"app.@@N@@": "@@N@@"}');
    expect(filled("TaskDefinition", text, { N: "x" })).toHaveProperty("containerDefinitions.0.dockerLabels", {
      "app.x": "x",
    });
  });
});

describe("a value cannot inject anything", () => {
  const nasty = String.raw`x","privileged":true,"a":"\n@@OTHER@@ @V@ \u0022` + "\n\u0000";

  test("whatever it holds, it stands exactly where its placeholder stood", () => {
    const text = container('"user": "@@V@@", "hostname": "a@@V@@b"');
    const document = filled("TaskDefinition", text, { V: nasty });
    expect(document).toEqual({
      family: "web",
      containerDefinitions: [
        { name: "web", image: "nginx", memory: 64, user: nasty, hostname: `a${nasty}b` },
      ],
    });
  });

  test("it cannot choose a field", () => {
    expect(filled("TaskDefinition", container('"@@V@@": true'), { V: "privileged" })).toEqual([
      `t.json:1:92 $.containerDefinitions[0]["@@V@@"]: "@@V@@": a placeholder cannot choose the field that it ` +
        "fills. Write the field's name out.",
    ]);
  });

  test("a label called __proto__ is a label", () => {
    const result = fill("TaskDefinition", container('"dockerLabels": {"@@V@@": "1"}'), { V: "__proto__" });
    expect(JSON.stringify(result.ok && result.document)).toContain('"dockerLabels":{"__proto__":"1"}');
  });
});

describe("what becomes known during the plan is filled in later", () => {
  test("alone and inside a text", () => {
    const result = fill(
      "Service",
      service('"taskDefinition": "@@TASKDEFINITION_ARN@@", "cluster": "a/@@TASKDEFINITION_ARN@@"'),
    );
    const document = result.ok ? result.document : {};
    expect(deferredNames(document)).toEqual(["TASKDEFINITION_ARN"]);
    expect(JSON.parse(JSON.stringify(document))).toMatchObject({ cluster: "a/@@TASKDEFINITION_ARN@@" });
    expect(resolveDeferred(document, { TASKDEFINITION_ARN: "arn:@@X@@" })).toEqual({
      serviceName: "web",
      taskDefinition: "arn:@@X@@",
      cluster: "a/arn:@@X@@",
    });
  });

  test("in a list of texts", () => {
    const result = fill("TaskDefinition", container('"command": ["run", "@@TASKDEFINITION_ARN@@"]'));
    expect(resolveDeferred(result.ok ? result.document : {}, { TASKDEFINITION_ARN: "arn" })).toHaveProperty(
      "containerDefinitions.0.command",
      ["run", "arn"],
    );
  });

  test("it fits texts only", () => {
    expect(filled("Service", service('"desiredCount": "@@TASKDEFINITION_ARN@@"'))).toEqual([
      "t.json:1:40 $.desiredCount: @@TASKDEFINITION_ARN@@ is a text that becomes known during the deployment; this " +
        "field takes none.",
    ]);
  });

  test("filling in without the value is a bug and throws", () => {
    const result = fill("Service", service('"taskDefinition": "@@TASKDEFINITION_ARN@@"'));
    expect(() => resolveDeferred(result.ok ? result.document : {}, {})).toThrow("@@TASKDEFINITION_ARN@@");
  });
});
