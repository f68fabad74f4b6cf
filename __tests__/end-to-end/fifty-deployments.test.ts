import {
  DescribeServicesCommand,
  ListServicesCommand,
  ListTaskDefinitionsCommand,
} from "@aws-sdk/client-ecs";
import { DescribeRulesCommand, DescribeTargetGroupsCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ListRolesCommand } from "@aws-sdk/client-iam";
import { ListResourceRecordSetsCommand } from "@aws-sdk/client-route-53";
import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { deploymentRulePriorities } from "../../scripts/core/environments/rule-priorities.ts";
import { hostsOf } from "../../scripts/core/staged/rules.ts";
import { StageWorld } from "../helpers/stage-world.ts";

const minutes = 60_000;
const applications = ["web", "api"] as const;
const rounds = 25;

let world: StageWorld;
let templates: Readonly<Record<string, string>>;

beforeAll(async () => {
  world = await StageWorld.start(300);
  templates = Object.fromEntries(
    await Promise.all(
      applications.map(async (name): Promise<[string, string]> => [name, await world.templates(name)]),
    ),
  );
}, 2 * minutes);

afterAll(async () => {
  await world.stop();
}, minutes);

/** Everything of the two applications that AWS has, by name. */
async function everything(): Promise<Readonly<Record<string, readonly string[]>>> {
  const { ecs, elb, iam, route53, surroundings } = world;
  const { TargetGroups = [] } = await elb.send(new DescribeTargetGroupsCommand({}));
  const { Rules = [] } = await elb.send(new DescribeRulesCommand({ ListenerArn: surroundings.listenerArn }));
  const { serviceArns = [] } = await ecs.send(new ListServicesCommand({ cluster: "test", maxResults: 100 }));
  const { services = [] } =
    serviceArns.length === 0
      ? {}
      : await ecs.send(new DescribeServicesCommand({ cluster: "test", services: serviceArns }));
  const { taskDefinitionArns = [] } = await ecs.send(new ListTaskDefinitionsCommand({ status: "ACTIVE" }));
  const { Roles = [] } = await iam.send(new ListRolesCommand({ PathPrefix: "/ecs/" }));
  const { ResourceRecordSets = [] } = await route53.send(
    new ListResourceRecordSetsCommand({ HostedZoneId: surroundings.hostedZoneId }),
  );
  const own = (names: readonly (string | undefined)[]): readonly string[] =>
    names
      .filter((name) => name !== undefined && /test[-_](web|api)|(web|api)\.|stage\./.test(name))
      .sort() as string[];
  return {
    targetGroups: own(TargetGroups.map(({ TargetGroupName }) => TargetGroupName)),
    hosts: own(Rules.flatMap((rule) => hostsOf(rule))),
    priorities: Rules.filter((rule) => own(hostsOf(rule)).length > 0).map(({ Priority = "" }) => Priority),
    services: own(services.map(({ serviceName }) => serviceName)),
    revisions: own(taskDefinitionArns.map((arn) => arn.slice(arn.lastIndexOf("/") + 1))),
    roles: own(Roles.map(({ RoleName }) => RoleName)),
    records: own(ResourceRecordSets.filter(({ Type }) => Type === "A").map(({ Name }) => Name)),
  };
}

function expectGood({
  exitCode,
  stderr,
}: {
  readonly exitCode?: number | undefined;
  readonly stderr: string;
}): void {
  if (exitCode !== 0) throw new Error(`It ended with ${String(exitCode)}:\n${stderr}`);
}

test(
  "fifty deployments in a row of two applications, staged at the same moment, leave just what the last ones need",
  async () => {
    const last: Record<string, string> = {};
    for (let round = 1; round <= rounds; round += 1) {
      const staged = await Promise.all(
        applications.map((name) =>
          world.run("stage", [name], { image: `app:${round}`, templates: templates[name] ?? "" }),
        ),
      );
      staged.forEach(expectGood);
      const { priorities = [] } = await everything();
      expect(new Set(priorities).size).toBe(priorities.length);
      for (const priority of priorities) {
        expect(Number(priority)).toBeGreaterThanOrEqual(deploymentRulePriorities.first);
        expect(Number(priority)).toBeLessThanOrEqual(deploymentRulePriorities.last);
      }
      for (const [index, { document }] of staged.entries())
        last[applications[index] ?? ""] = document.deploymentId;

      const activated = await Promise.all(applications.map((name) => world.running(["activate", name])));
      activated.forEach(expectGood);
      const tornDown = await Promise.all(
        applications.map((name) => world.running(["teardown", name, "--all-retired", "--keep", "0"])),
      );
      tornDown.forEach(expectGood);
    }

    const { priorities, ...left } = await everything();
    expect(priorities).toHaveLength(2);
    expect(left).toEqual({
      targetGroups: [`test-api-${last["api"] ?? ""}`, `test-web-${last["web"] ?? ""}`],
      hosts: ["api.example.com", "web.example.com"],
      services: [`test-api-${last["api"] ?? ""}`, `test-web-${last["web"] ?? ""}`],
      revisions: [`test_api:${rounds}`, `test_web:${rounds}`],
      roles: ["test_api_task", "test_web_task"],
      records: ["api.example.com.", "web.example.com."],
    });
  },
  10 * minutes,
);
