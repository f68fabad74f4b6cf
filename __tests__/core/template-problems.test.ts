import { describe, expect, test } from "@jest/globals";

import type { ShapeName } from "../../scripts/core/aws-model/model.ts";
import { formatProblem } from "../../scripts/core/problem.ts";
import { checkTemplate } from "../../scripts/core/template/fill-template.ts";
import { parseTemplate } from "../../scripts/core/template/parse-template.ts";
import { container, fill, filled, service } from "../helpers/fill-text.ts";

describe("every mistake is told, with its place", () => {
  test("three mistakes are three problems in the order of the text", () => {
    const text = [
      "{",
      '  "family": "web", // the family',
      '  "containerDefinitions": [',
      "    {",
      '      "name": "web",',
      '      "image": @VERSION@,',
      '      "memoryReservations": 64,',
      '      "memory": "128",',
      '      "portMappings": [{ "containerPort": 80, "protocol": "tpc" }]',
      "    }",
      "  ]",
      "}",
    ].join("\n");
    expect(filled("TaskDefinition", text, { VERSION: "nginx:1" })).toEqual([
      't.json:7:7 $.containerDefinitions[0].memoryReservations: "memoryReservations" is not a field of ' +
        'ContainerDefinition. Did you mean "memoryReservation"?',
      't.json:8:17 $.containerDefinitions[0].memory: Expected a whole number, found the text "128". Write 128, ' +
        "without quotes.",
      't.json:9:59 $.containerDefinitions[0].portMappings[0].protocol: "tpc" is not a value of TransportProtocol. ' +
        'Did you mean "tcp"? It takes tcp, udp.',
    ]);
  });

  test("a placeholder without a value is told with the places looked in and the nearest name", () => {
    expect(filled("Service", service('"cluster": "x-@@CLUSTER_NAM@@"'), { CLUSTER_NAME: "test" })).toEqual([
      "t.json:1:38 $.cluster: @@CLUSTER_NAM@@ has no value; looked in environment variable CLUSTER_NAM, then stack " +
        "output. Did you mean CLUSTER_NAME?",
    ]);
  });

  test("a refused value is told at its placeholder", () => {
    expect(filled("Service", service('"cluster": "@@ssm:/app/secret@@"'))).toEqual([
      expect.stringMatching(/^t\.json:1:36 \$\.cluster: \/app\/secret is a SecureString; .*"secrets"/),
    ]);
  });

  test.each([
    ['"cluster": "a@@b"', "This placeholder is not closed: @@b."],
    ['"cluster": "@@ @@"', "@@ @@ is not a placeholder."],
    ['"cluster": "@@@@"', "@@@@ is not a placeholder."],
    ['"cluster": "@@1A@@"', "@@1A@@ is not a placeholder."],
    ['"cluster": "@@ssm:@@"', "@@ssm:@@ is not a placeholder."],
    ['"cluster": @CLUSTER', "@CLUSTER is not a placeholder."],
    ['"cluster": @@CLUSTER@', "@@CLUSTER@ is not a placeholder."],
    ['"cluster": @', "@ is not a placeholder."],
    ['"cluster": "@CLUSTER@"', 'Write "@@CLUSTER@@", or @CLUSTER@ without the quotes.'],
  ])("%s is told once", (field, problem) => {
    expect(filled("Service", service(field))).toEqual([expect.stringContaining(`$.cluster: `)]);
    expect(filled("Service", service(field))).toEqual([expect.stringContaining(problem)]);
  });

  test("a field given twice is told at the second place", () => {
    expect(filled("Service", '{"serviceName": "web",\n"desiredCount": 1,\n"desiredCount": 2}')).toEqual([
      't.json:3:1 $.desiredCount: The field "desiredCount" is given twice in one object. Keep one of them.',
    ]);
  });

  test("labels that values make equal are told too", () => {
    const text = container('"dockerLabels": {"@@A@@": "1", "x": "2"}');
    expect(filled("TaskDefinition", text, { A: "x" })).toEqual([expect.stringContaining("is given twice")]);
  });

  test("mistakes in the syntax that leave the rest readable are told with the others", () => {
    expect(filled("Service", '{"serviceName": "web"\n"desiredCounts": 1}')).toEqual([
      "t.json:2:1 $: A comma is expected here.",
      't.json:2:1 $.desiredCounts: "desiredCounts" is not a field of Service. Did you mean "desiredCount"?',
    ]);
  });

  test("a template whose syntax is beyond reading gives what is wrong with its syntax", () => {
    expect(filled("Service", '{"serviceName": "@@A@@"')).toEqual([
      "t.json:1:24 $: A closing brace } is expected here.",
    ]);
  });

  test("what is found out about the document later gets its place as well", () => {
    const result = fill("Service", service('\n"loadBalancers": [{"containerName": "x"}]'));
    const problems = result.ok
      ? result.problemsOf([
          { path: ["loadBalancers", 0, "containerPort"], at: "value", message: "No such port." },
        ])
      : [];
    expect(problems.map(formatProblem)).toEqual([
      "t.json:2:19 $.loadBalancers[0].containerPort: No such port.",
    ]);
  });
});

describe("a template is checked before anything is looked up", () => {
  function checked(shape: ShapeName, text: string): readonly string[] {
    return checkTemplate(parseTemplate("t.json", text), shape).map(formatProblem);
  }

  test("a placeholder is right in every field that takes a value", () => {
    const fields = [
      '"desiredCount": "@@A@@", "launchType": "@@B@@", "forceNewDeployment": @C@, "cluster": "x-@@D@@"',
      '"networkConfiguration": {"awsvpcConfiguration": {"subnets": "@@E@@", "securityGroups": ["@@F@@"]}}',
    ];
    expect(checked("Service", service(fields.join(", ")))).toEqual([]);
  });

  test("what is wrong whatever the values are is told", () => {
    expect(checked("Service", '{"desiredCounts": "@@A@@"}')).toEqual([
      't.json:1:1 $.serviceName: The field "serviceName" is missing; a service needs a name.',
      't.json:1:2 $.desiredCounts: "desiredCounts" is not a field of Service. Did you mean "desiredCount"?',
    ]);
  });
});
