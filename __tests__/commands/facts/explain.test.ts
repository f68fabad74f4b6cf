import { describe, expect, test } from "@jest/globals";

import { gatherEvidence, type EvidencePorts } from "../../../scripts/commands/facts/evidence.ts";
import { diagnose } from "../../../scripts/core/diagnosis/diagnose.ts";
import { AwsCallError } from "../../../scripts/core/errors.ts";
import { event, exited, groupArn, since } from "../../helpers/evidence.ts";

const rollout = {
  service: "shop",
  cluster: "test",
  deploymentId: "ecs-svc/2",
  taskDefinitionArn: "shop:2",
  since,
};
const logConfiguration = {
  logDriver: "awslogs" as const,
  options: { "awslogs-group": "/ecs/test", "awslogs-stream-prefix": "shop", "awslogs-region": "eu-west-1" },
};
const definition = {
  taskDefinition: { containerDefinitions: [{ name: "app", image: "shop:1.2", logConfiguration }] },
  tags: [],
};

interface Asked {
  readonly calls: string[];
  readonly ports: EvidencePorts;
}

/** Ports that note each question; one whose name is among `refused` is answered by AWS's refusal. */
function ports(
  refused: readonly string[] = [],
  events: readonly string[] = [],
  deploymentConfiguration = {},
): Asked {
  const calls: string[] = [];
  const answer =
    <Value>(name: string, value: Value) =>
    (): Promise<Value> => {
      calls.push(name);
      if (!refused.includes(name) && !refused.includes("everything")) return Promise.resolve(value);
      const message = `ecs:${name}: AccessDeniedException: not allowed\n  The caller's policy does not allow it.`;
      return Promise.reject(new AwsCallError("AccessDeniedException", message));
    };
  const service = {
    serviceName: "shop",
    deploymentConfiguration,
    loadBalancers: [{ targetGroupArn: groupArn, containerName: "app", containerPort: 8080 }],
    events: events.map((message) => event(message)),
  };
  return {
    calls,
    ports: {
      ecs: {
        describeServices: answer("describeServices", [service]),
        describeTaskDefinition: answer("describeTaskDefinition", definition),
      },
      tasks: {
        tasksOf: answer("tasksOf", [exited(1), exited(1)]),
        hosts: answer("hosts", []),
        serviceDeployment: answer("serviceDeployment", undefined),
      },
      targets: { targetGroups: answer("targetGroups", []), targetHealth: answer("targetHealth", []) },
      logs: (region) => ({
        tail: answer(`tail ${region ?? "here"}`, [{ at: 1, stream: "s", message: "Error: no database" }]),
        search: answer("search", []),
      }),
    },
  };
}

describe("gathering evidence", () => {
  test("asks for the log of a crash, in the Region that it goes to", async () => {
    const { ports: asked, calls } = ports();
    const found = diagnose(await gatherEvidence(rollout, asked));
    expect(found).toMatchObject([
      { kind: "crashed", tasks: 2, cause: expect.stringContaining("Error: no database") },
    ]);
    expect(calls.filter((call) => call.startsWith("tail"))).toEqual(["tail eu-west-1"]);
  });

  test("asks neither for hosts nor for ECS's record of the deployment where they would tell nothing", async () => {
    const { ports: asked, calls } = ports();
    await gatherEvidence(rollout, asked);
    expect(calls).not.toContain("hosts");
    expect(calls).not.toContain("serviceDeployment");
    expect(calls.length).toBeLessThanOrEqual(6);
  });

  test("asks for hosts where a task found no place, and for the record where alarms watch", async () => {
    const placement = "was unable to place a task because no container instance met all of its requirements.";
    const { ports: asked, calls } = ports([], [placement], { alarms: { enable: true } });
    await gatherEvidence(rollout, asked);
    expect(calls).toEqual(expect.arrayContaining(["hosts", "serviceDeployment"]));
  });

  test("looks at an older task's log where the newest one's has not arrived", async () => {
    const { ports: asked } = ports();
    const streams: string[] = [];
    const tail = (_: string, stream: string): Promise<readonly []> => {
      streams.push(stream);
      return Promise.resolve([]);
    };
    const { tasks } = await gatherEvidence(rollout, { ...asked, logs: () => ({ ...asked.logs(), tail }) });
    const ids = tasks.map(({ taskArn }) => `shop/app/${taskArn?.split("/").at(-1) ?? ""}`);
    expect(streams).toEqual(ids.toReversed());
  });

  test.each([
    ["tasksOf", "The tasks of the deployment"],
    ["describeServices", "The service and its events"],
    ["describeTaskDefinition", "The task definition"],
    ["targetGroups", "The target groups"],
    ["targetHealth", "The health of the targets"],
    ["tail eu-west-1", "The log of container app"],
  ])("goes on without %s, and says so in one line", async (name, what) => {
    const { ports: asked } = ports([name]);
    const found = diagnose(await gatherEvidence(rollout, asked));
    const unreadable = found.filter(({ kind }) => kind === "unreadable");
    expect(unreadable).toHaveLength(1);
    expect(unreadable[0]?.cause).toBe(
      `${what} could not be read (ecs:${name}: AccessDeniedException: not allowed).`,
    );
    expect(found.length).toBeGreaterThan(1);
  });

  test("ends with an explanation where nothing at all may be read", async () => {
    const { ports: asked } = ports(["everything"]);
    const found = diagnose(await gatherEvidence(rollout, asked));
    expect(new Set(found.map(({ kind }) => kind))).toEqual(new Set(["other", "unreadable"]));
  });

  test("lets a bug through", async () => {
    const { ports: asked } = ports();
    const bug = new TypeError("undefined is not a function");
    const broken = { ...asked, tasks: { ...asked.tasks, tasksOf: () => Promise.reject(bug) } };
    await expect(gatherEvidence(rollout, broken)).rejects.toBe(bug);
  });
});
