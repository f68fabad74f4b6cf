import {
  AddTagsCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DeleteRuleCommand,
  DescribeTargetGroupsCommand,
  type Tag,
} from "@aws-sdk/client-elastic-load-balancing-v2";

import { stagedTags } from "../../scripts/core/staged/model.ts";
import { targetGroupName } from "../../scripts/core/staged/names.ts";
import { groupsOf } from "../../scripts/core/staged/rules.ts";
import { startAndKill, type KilledRun, type Moment } from "./killed-runs.ts";
import { requestsPolicy } from "./requests-policy.ts";
import type { StageWorld } from "./stage-world.ts";
import { rulesOf, stagedEndState, type StagedEndState } from "./staged-end-state.ts";

/** A command, and what it finds. */
export interface StageScenario {
  readonly name: string;
  readonly args: readonly string[];
  readonly image?: string;
  readonly exitCode: number;
  /** How many scalable targets it leaves. */
  readonly scaled: number;
  /** Prepares the application. */
  readonly before: (world: StageWorld, application: string, templates: string) => Promise<void>;
}

/** What every scenario's service is scaled by. */
const scaledByRequests = {
  MinCapacity: 1,
  MaxCapacity: 4,
  ScalingPolicies: [requestsPolicy],
  ScheduledActions: [
    {
      ScheduledActionName: "night",
      Schedule: "cron(0 20 ? * MON-FRI *)",
      ScalableTargetAction: { MinCapacity: 1 },
    },
  ],
};

const nothing = (): Promise<void> => Promise.resolve();

/** What is killed at every call. */
export const stageScenarios: readonly StageScenario[] = [
  { name: "stage", args: ["stage"], image: "app:1", exitCode: 0, scaled: 1, before: nothing },
  { name: "failing stage", args: ["stage"], image: "app:2-crash-1", exitCode: 1, scaled: 0, before: nothing },
  { name: "teardown of a retired deployment", args: ["teardown"], exitCode: 0, scaled: 0, before: retire },
  {
    name: "teardown of all that are retired",
    args: ["teardown", "--all-retired", "--keep", "0"],
    exitCode: 0,
    scaled: 0,
    before: retire,
  },
];

/** Stages one for real, and gives its traffic to another, as activate would have left it. */
async function retire(world: StageWorld, application: string, templates: string): Promise<void> {
  const { elb, surroundings } = world;
  const { document, exitCode, stderr } = await world.run("stage", [application], {
    image: "app:1",
    templates,
  });
  if (exitCode !== 0) throw new Error(stderr);
  const { TargetGroups: [retired] = [] } = await elb.send(
    new DescribeTargetGroupsCommand({ Names: [document.targetGroup] }),
  );
  const id = "zzzzzzzzzzzz";
  const owner = { environment: "test", application };
  const tags = (more: Readonly<Record<string, string>>): Tag[] =>
    Object.entries({ [stagedTags.environment]: "test", [stagedTags.application]: application, ...more }).map(
      ([Key, Value]) => ({ Key, Value }),
    );
  const { TargetGroups: [active] = [] } = await elb.send(
    new CreateTargetGroupCommand({
      Name: targetGroupName(owner, id),
      TargetType: "ip",
      Protocol: "HTTP",
      Port: 80,
      VpcId: retired?.VpcId,
      Tags: tags({ [stagedTags.deployment]: id, [stagedTags.revision]: `test_${application}:99` }),
    }),
  );
  const Rules = await rulesOf(world);
  const stageRule = Rules.find((rule) =>
    groupsOf(rule).some(({ targetGroupArn }) => targetGroupArn === retired?.TargetGroupArn),
  );
  const [first = 30_000, ...others] = Rules.map(({ Priority }) => Number(Priority)).filter(
    (one) => one >= 30_000,
  );
  await elb.send(
    new CreateRuleCommand({
      ListenerArn: surroundings.listenerArn,
      Priority: Math.max(first, ...others) + 1 + Math.floor(Math.random() * 1_000),
      Conditions: [{ Field: "host-header", HostHeaderConfig: { Values: [`${application}.example.com`] } }],
      Actions: [
        {
          Type: "forward",
          ForwardConfig: {
            TargetGroups: [
              { TargetGroupArn: active?.TargetGroupArn, Weight: 1 },
              { TargetGroupArn: retired?.TargetGroupArn, Weight: 0 },
            ],
          },
        },
      ],
      Tags: tags({ [stagedTags.route]: "live" }),
    }),
  );
  await elb.send(
    new AddTagsCommand({
      ResourceArns: [retired?.TargetGroupArn ?? ""],
      Tags: [{ Key: stagedTags.retiredAt, Value: new Date().toISOString() }],
    }),
  );
  await elb.send(new DeleteRuleCommand({ RuleArn: stageRule?.RuleArn }));
}

/** How a scenario ended: of the last run of the command, and what it left. */
export interface StageEnding extends StagedEndState {
  readonly exitCode: number | undefined;
}

/** One play of a scenario. */
export interface StageCase {
  readonly first: KilledRun;
  readonly ending: StageEnding;
  /** What the last run said. */
  readonly said: string;
}

/** Plays a scenario on an application of its own: once, or killed at the moment and once more. */
export async function playStage(
  world: StageWorld,
  { args, image, before }: StageScenario,
  application: string,
  moment?: Moment,
): Promise<StageCase> {
  const templates = await world.templates(application, { autoscaling: scaledByRequests });
  await before(world, application, templates);
  const [verb = "", ...options] = args;
  const command = [verb, application, ...options, "--timeout", "1h"];
  const common = { templates, ...(image === undefined ? {} : { image }) };
  const first = await startAndKill(
    (endpoint) => world.running(command, { ...common, endpoint }),
    world.local.endpoint,
    moment,
  );
  const last = moment === undefined ? first.finished : await world.running(command, common);
  const state = await stagedEndState(world, application);
  return {
    first,
    ending: { exitCode: last.exitCode, ...state },
    said: `${first.finished.stderr}\n---\n${last.stdout}\n${last.stderr}`,
  };
}

/** What differs, member by member; nothing where both came to the same. */
export function stageDifferences(expected: StageEnding, seen: StageEnding): readonly string[] {
  return (Object.keys(expected) as (keyof StageEnding)[]).flatMap((member) => {
    const [wanted, got] = [expected[member], seen[member]].map((value) => JSON.stringify(value));
    return wanted === got ? [] : [`${member} is ${got ?? "absent"} and not ${wanted ?? "absent"}`];
  });
}
