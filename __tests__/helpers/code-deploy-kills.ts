import {
  DeleteServiceCommand,
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionsCommand,
} from "@aws-sdk/client-ecs";
import { GetDeploymentGroupCommand } from "@aws-sdk/client-codedeploy";

import type { GroupSettings } from "./code-deploy-environments.ts";
import type { CodeDeployWorld } from "./code-deploy-world.ts";
import { EndStates } from "./end-state.ts";
import { runAndKill, startBundle, type KilledRun, type Moment } from "./killed-runs.ts";
import { describeService } from "./steady-services.ts";

/** A command on a service under CODE_DEPLOY, and what it finds. */
export interface CodeDeployScenario {
  readonly name: string;
  readonly verb: "create" | "update" | "activate" | "rollback";
  readonly options?: readonly string[];
  readonly image?: string;
  readonly exitCode: number;
  readonly settings: GroupSettings;
  /** Runs of the deploy script that come before. */
  readonly before: readonly (readonly [verb: string, image: string, ...options: string[]])[];
}

const plain = { terminationMinutes: 1 };
const approved = { ...plain, approvalMinutes: 600 };

/** What is killed at every call. */
export const codeDeployScenarios: readonly CodeDeployScenario[] = [
  { name: "create", verb: "create", image: "nginx:1", exitCode: 0, settings: plain, before: [] },
  {
    name: "update",
    verb: "update",
    image: "nginx:2",
    exitCode: 0,
    settings: plain,
    before: [["create", "nginx:1"]],
  },
  {
    name: "failing update that is rolled back",
    verb: "update",
    image: "nginx:2-crash-30",
    exitCode: 1,
    settings: plain,
    before: [["create", "nginx:1"]],
  },
  {
    name: "activate",
    verb: "activate",
    exitCode: 0,
    settings: approved,
    before: [
      ["create", "nginx:1"],
      ["update", "nginx:2", "--wait-until", "paused"],
    ],
  },
  {
    name: "rollback from the middle",
    verb: "rollback",
    exitCode: 0,
    settings: approved,
    before: [
      ["create", "nginx:1"],
      ["update", "nginx:2", "--wait-until", "paused"],
    ],
  },
  {
    name: "rollback afterwards",
    verb: "rollback",
    exitCode: 0,
    settings: plain,
    before: [
      ["create", "nginx:1"],
      ["update", "nginx:2"],
    ],
  },
];

/** What a command leaves of one service, told so that two services that came to the same are equal. */
export interface CodeDeployEnding {
  readonly exitCode: number | undefined;
  readonly state: Readonly<Record<string, unknown>>;
}

export interface PlayedKill {
  readonly first: KilledRun;
  readonly ending: CodeDeployEnding;
  readonly said: string;
}

/** Plays scenarios on services of their own. */
export class CodeDeployKills {
  readonly #world: CodeDeployWorld;
  readonly #speed: number;
  readonly #states: EndStates;
  #played = 0;

  constructor(world: CodeDeployWorld, speed: number) {
    this.#world = world;
    this.#speed = speed;
    this.#states = new EndStates(world.settings);
  }

  /** Runs the scenario's command: once, or killed at the moment and once more. */
  async play(scenario: CodeDeployScenario, moment?: Moment): Promise<PlayedKill> {
    this.#played += 1;
    const name = `kill${this.#played}`;
    const { endpoint } = this.#world.local;
    const templates = await this.#world.prepare({ name, settings: scenario.settings });
    const at = ["--templates", templates, "--timeout", "2h"];
    const root = this.#world.project;
    for (const [verb, image, ...options] of scenario.before) {
      const done = await startBundle(
        { args: [verb, ...options, ...at], image, speed: this.#speed, root },
        endpoint,
      );
      if (done.exitCode !== 0) throw new Error(`${verb} before ${scenario.name}: ${done.stderr}`);
    }
    const { verb, options = [], image } = scenario;
    const args = [verb, name, ...options, ...at];
    const command = { args, speed: this.#speed, root, ...(image === undefined ? {} : { image }) };
    const first = await runAndKill(command, endpoint, moment);
    const last = moment === undefined ? first.finished : await startBundle(command, endpoint);
    const state = await this.#stateOf(name);
    await this.#world.ecs.send(new DeleteServiceCommand({ cluster: "test", service: name, force: true }));
    return { first, ending: { exitCode: last.exitCode, state }, said: `${last.stdout}\n${last.stderr}` };
  }

  async #stateOf(name: string): Promise<Readonly<Record<string, unknown>>> {
    const { ecs, codeDeploy } = this.#world;
    const service = await describeService(ecs, name);
    const primary = service?.taskSets?.find(({ status }) => status === "PRIMARY");
    const { taskDefinition } = await ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: primary?.taskDefinition }),
    );
    const { taskDefinitionArns = [] } = await ecs.send(
      new ListTaskDefinitionsCommand({ familyPrefix: name }),
    );
    const deployments = await this.#world.deployments(name);
    const { deploymentGroupInfo: group } = await codeDeploy.send(
      new GetDeploymentGroupCommand({ applicationName: "test", deploymentGroupName: name }),
    );
    return {
      status: service?.status,
      desired: service?.desiredCount,
      running: primary?.runningCount,
      image: taskDefinition?.containerDefinitions?.[0]?.image,
      revisions: taskDefinitionArns.length,
      weights: await this.#world.weights(name),
      deployments: deployments.map(({ status, creator }) => `${ending(status)} by ${creator ?? ""}`),
      group: group?.deploymentConfigName,
      version: service?.tags?.find(({ key }) => key === "slipway:version")?.value,
      locks: await this.#states.locks(name),
    };
  }
}

/** Whether our stop or CodeDeploy's own hour ended a deployment first is a matter of the moment. */
function ending(status = ""): string {
  return status === "Failed" || status === "Stopped" ? "Failed or Stopped" : status;
}

/** What differs, member by member. */
export function codeDeployDifferences(expected: CodeDeployEnding, seen: CodeDeployEnding): readonly string[] {
  const found = expected.exitCode === seen.exitCode ? [] : [`exit code ${seen.exitCode ?? "none"}`];
  for (const [member, value] of Object.entries(expected.state)) {
    const [wanted, got] = [value, seen.state[member]].map((one) => JSON.stringify(one));
    if (wanted !== got) found.push(`${member} is ${got ?? "absent"} and not ${wanted ?? "absent"}`);
  }
  return found;
}
