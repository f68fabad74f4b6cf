import { describe, expect, test } from "@jest/globals";

import { fillTemplates } from "../../../scripts/commands/templates/fill-templates.ts";
import type { RunCommand, RunContext } from "../../../scripts/commands/run-context.ts";
import { parseCommandLine } from "../../../scripts/core/command-line/parse.ts";
import { parseEnvironments, type Environment } from "../../../scripts/core/environments.ts";
import { InvalidInputError } from "../../../scripts/core/errors.ts";
import { parseTemplate } from "../../../scripts/core/template/parse-template.ts";

const elb = "arn:aws:elasticloadbalancing:us-east-1:123456789012";
const outputs = new Map([
  ["service-web-blue-target-group-arn", `${elb}:targetgroup/blue/1`],
  ["service-web-green-target-group-arn", `${elb}:targetgroup/green/2`],
  ["service-web-production-rule-arn", `${elb}:listener-rule/app/lb/1/2/3`],
  ["service-web-test-rule-arn", `${elb}:listener-rule/app/lb/1/2/4`],
  ["ecs-infrastructure-role-arn", "arn:aws:iam::123456789012:role/ecs/test_ecs_infrastructure"],
]);

function environment(by: string): Environment {
  const services = { web: { containerPort: 80, networkMode: "bridge", blueGreen: { by, priority: 40010 } } };
  const parsed = parseEnvironments(
    JSON.stringify({
      environments: {
        test: {
          region: "us-east-1",
          network: { cidr: "10.0.0.0/16", zones: 2 },
          loadBalancers: { external: { listenerPort: 80, testListenerPort: 8080 } },
          domain: { name: "example.com" },
          cluster: { ec2: { instanceType: "t3.small", architecture: "x86_64", min: 1, desired: 1, max: 2 } },
          services,
        },
      },
    }),
  );
  const found = parsed.ok ? parsed.environments.get("test") : undefined;
  if (found === undefined) throw new Error(JSON.stringify(parsed));
  return found;
}

/** Fills one service's templates with some of the outputs. */
async function fill(
  balancer: object,
  { known = outputs, by = "ecs" }: { known?: ReadonlyMap<string, string>; by?: string } = {},
) {
  const command = parseCommandLine(["update", "web"]);
  const read: string[] = [];
  const context: Pick<RunContext, "known" | "parameters" | "environment"> = {
    known: { image: "web:1", deploymentId: "x", region: "us-east-1", environmentName: "test", variables: {} },
    environment: environment(by),
    parameters: {
      read: (names) => {
        read.push(...names);
        return Promise.resolve(
          new Map(
            names.flatMap((name) => {
              const value = known.get(name.replace("/slipway/test/", ""));
              return value === undefined ? [] : [[name, { kind: "plain" as const, value }] as const];
            }),
          ),
        );
      },
    },
  };
  const definition = {
    family: "web",
    containerDefinitions: [
      { name: "web", image: "@@VERSION@@", memory: 64, portMappings: [{ containerPort: 80 }] },
    ],
  };
  const service = {
    serviceName: "web",
    deploymentConfiguration: { strategy: "BLUE_GREEN" },
    loadBalancers: [balancer],
  };
  const templates = {
    name: "web",
    taskDefinition: parseTemplate("task-definition.json", JSON.stringify(definition)),
    service: parseTemplate("service.json", JSON.stringify(service, undefined, 2)),
    serviceShape: "Service" as const,
    dependsOn: [],
  };
  // Only what is used of the context is there.
  const [filled] = await fillTemplates(command as RunCommand, [templates], context as RunContext);
  return { read, loadBalancers: filled?.createInput().loadBalancers };
}

const bare = { containerName: "web", containerPort: 80 };

describe("a service whose traffic ECS moves, as the environments file says", () => {
  test("gets its target groups, rules and role from the outputs of the stacks", async () => {
    const { loadBalancers } = await fill(bare);
    expect(loadBalancers).toEqual([
      {
        ...bare,
        targetGroupArn: outputs.get("service-web-blue-target-group-arn"),
        advancedConfiguration: {
          alternateTargetGroupArn: outputs.get("service-web-green-target-group-arn"),
          productionListenerRule: outputs.get("service-web-production-rule-arn"),
          testListenerRule: outputs.get("service-web-test-rule-arn"),
          roleArn: outputs.get("ecs-infrastructure-role-arn"),
        },
      },
    ]);
  });

  test("keeps what its template says, and asks for nothing that it does not need", async () => {
    const own = "arn:aws:iam::123456789012:role/ecs/own";
    const { loadBalancers, read } = await fill({
      ...bare,
      targetGroupArn: `${elb}:targetgroup/own/9`,
      advancedConfiguration: { roleArn: own },
    });
    expect(loadBalancers).toMatchObject([
      {
        targetGroupArn: `${elb}:targetgroup/own/9`,
        advancedConfiguration: { roleArn: own, alternateTargetGroupArn: `${elb}:targetgroup/green/2` },
      },
    ]);
    expect(read).not.toContain("/slipway/test/ecs-infrastructure-role-arn");
  });

  test("does without a rule for test traffic where there is no test listener", async () => {
    const known = new Map([...outputs].filter(([name]) => name !== "service-web-test-rule-arn"));
    const { loadBalancers } = await fill(bare, { known });
    expect(loadBalancers?.[0]?.advancedConfiguration).not.toHaveProperty("testListenerRule");
  });

  test("is refused with place and parameter where the stacks have not published an output", async () => {
    const known = new Map([...outputs].filter(([name]) => name !== "service-web-green-target-group-arn"));
    const refused = await fill(bare, { known }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(InvalidInputError);
    expect(refused).toMatchObject({
      problems: [
        {
          file: "service.json",
          line: expect.any(Number),
          path: "$.loadBalancers[0].advancedConfiguration.alternateTargetGroupArn",
          message: expect.stringContaining("/slipway/test/service-web-green-target-group-arn"),
        },
      ],
    });
  });

  test("of another kind gets nothing, and what is missing is told", async () => {
    await expect(
      fill({ ...bare, targetGroupArn: `${elb}:targetgroup/own/9` }, { by: "codeDeploy" }),
    ).rejects.toMatchObject({
      problems: [{ path: "$.loadBalancers[0].advancedConfiguration" }],
    });
  });
});
