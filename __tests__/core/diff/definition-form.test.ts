import type { ContainerDefinition, RegisterTaskDefinitionRequest, TaskDefinition } from "@aws-sdk/client-ecs";
import { describe, expect, test } from "@jest/globals";

import { definitionDifferences } from "../../../scripts/core/deployment/task-definition.ts";

type Parts = Partial<RegisterTaskDefinitionRequest>;

function found(wanted: Parts, registered: Partial<TaskDefinition>): readonly string[] {
  const base = { family: "f", containerDefinitions: [{ name: "a", image: "i" }] };
  return definitionDifferences(
    { ...base, ...wanted },
    { taskDefinition: { ...base, ...registered }, tags: [] },
  ).map(({ kind, path }) => `${kind} ${path}`);
}

function ofContainer(
  wanted: Partial<ContainerDefinition>,
  registered: Partial<ContainerDefinition>,
  parts: Pick<Parts, "networkMode"> = {},
): readonly string[] {
  const container = { name: "a", image: "i" };
  return found(
    { ...parts, containerDefinitions: [{ ...container, ...wanted }] },
    { ...parts, containerDefinitions: [{ ...container, ...registered }] },
  );
}

describe("a definition and the revision that AWS made of it", () => {
  test.each([
    ["256", "0.25 vCPU"],
    ["256", ".25 vcpu"],
    ["1024", "1 vCPU"],
    ["2048", "2vCPU"],
    ["256", "0256"],
  ])("are the same with %s and %s of cpu", (units, text) => {
    expect(found({ cpu: text }, { cpu: units })).toEqual([]);
  });

  test.each([
    ["1024", "1 GB"],
    ["512", "0.5GB"],
    ["30720", "30 gb"],
  ])("are the same with %s and %s of memory", (units, text) => {
    expect(found({ memory: text }, { memory: units })).toEqual([]);
  });

  test("differ in sizes that are written alike and mean another thing", () => {
    expect(found({ cpu: "1" }, { cpu: "1 vCPU" })).toEqual(["changed cpu"]);
    expect(found({ memory: "1..5 GB" }, { memory: "1536" })).toEqual(["changed memory"]);
  });

  test.each<[string, Partial<ContainerDefinition>, Partial<ContainerDefinition>]>([
    [
      "a health check's pace",
      { healthCheck: { command: ["x"] } },
      { healthCheck: { command: ["x"], interval: 30, timeout: 5, retries: 3, startPeriod: 0 } },
    ],
    [
      "switches that are off",
      {},
      {
        cpu: 0,
        disableNetworking: false,
        essential: true,
        interactive: false,
        privileged: false,
        pseudoTerminal: false,
        readonlyRootFilesystem: false,
        versionConsistency: "enabled",
      },
    ],
    [
      "mounts for reading and writing",
      { mountPoints: [{ sourceVolume: "v", containerPath: "/v" }], volumesFrom: [{ sourceContainer: "b" }] },
      {
        mountPoints: [{ sourceVolume: "v", containerPath: "/v", readOnly: false }],
        volumesFrom: [{ sourceContainer: "b", readOnly: false }],
      },
    ],
    [
      "a restart policy's period",
      { restartPolicy: { enabled: true } },
      { restartPolicy: { enabled: true, restartAttemptPeriod: 300 } },
    ],
    [
      "a device's permissions",
      { linuxParameters: { devices: [{ hostPath: "/d" }] } },
      {
        linuxParameters: {
          devices: [{ hostPath: "/d", permissions: ["write", "read", "mknod"] }],
          initProcessEnabled: false,
        },
      },
    ],
    [
      "empty lists",
      {},
      {
        command: [],
        environment: [],
        mountPoints: [],
        portMappings: [],
        systemControls: [],
        volumesFrom: [],
      },
    ],
  ])("are the same where AWS only fills in %s", (_, bare, filled) => {
    expect(ofContainer(bare, filled)).toEqual([]);
    expect(ofContainer(filled, bare)).toEqual([]);
  });

  test.each<[string, Partial<ContainerDefinition>, Partial<ContainerDefinition>]>([
    [
      "healthCheck.interval",
      { healthCheck: { command: ["x"] } },
      { healthCheck: { command: ["x"], interval: 10 } },
    ],
    ["readonlyRootFilesystem", {}, { readonlyRootFilesystem: true }],
    ["essential", {}, { essential: false }],
    ["versionConsistency", {}, { versionConsistency: "disabled" }],
    ["stopTimeout", {}, { stopTimeout: 30 }],
  ])("differ where %s is another than the default", (path, bare, filled) => {
    expect(ofContainer(bare, filled)).toEqual([expect.stringContaining(path)]);
    expect(ofContainer(filled, bare)).toEqual([expect.stringContaining(path)]);
  });

  test("are the same where the host's port is the one that the network mode makes it", () => {
    const port = (hostPort?: number): Partial<ContainerDefinition> => ({
      portMappings: [{ containerPort: 80, ...(hostPort === undefined ? {} : { hostPort }) }],
    });
    expect(ofContainer(port(), port(0))).toEqual([]);
    expect(ofContainer(port(), port(80))).toEqual([
      "removed containerDefinitions[a].portMappings[80/tcp].hostPort",
    ]);
    expect(ofContainer(port(), port(80), { networkMode: "awsvpc" })).toEqual([]);
    expect(ofContainer(port(), port(80), { networkMode: "host" })).toEqual([]);
  });

  test("are the same where a volume says what holds anyway", () => {
    const efs = { name: "v", efsVolumeConfiguration: { fileSystemId: "fs-1" } };
    const spelled = {
      name: "v",
      host: {},
      configuredAtLaunch: false,
      efsVolumeConfiguration: {
        fileSystemId: "fs-1",
        rootDirectory: "/",
        transitEncryption: "DISABLED" as const,
        authorizationConfig: { iam: "DISABLED" as const },
      },
    };
    expect(found({ volumes: [efs] }, { volumes: [spelled] })).toEqual([]);
    const deeper = {
      ...efs,
      efsVolumeConfiguration: { ...efs.efsVolumeConfiguration, rootDirectory: "/data" },
    };
    expect(found({ volumes: [efs] }, { volumes: [deeper] })).toEqual([
      "removed volumes[v].efsVolumeConfiguration.rootDirectory",
    ]);
  });

  test("are the same in any order of containers", () => {
    const containers = [
      { name: "a", image: "i" },
      { name: "b", image: "j" },
    ];
    expect(
      found({ containerDefinitions: containers }, { containerDefinitions: containers.toReversed() }),
    ).toEqual([]);
  });

  test("differ in a member that the template leaves out: a revision keeps nothing", () => {
    expect(found({}, { pidMode: "task", ipcMode: "host" })).toEqual(["removed pidMode", "removed ipcMode"]);
  });

  test("do not differ in what AWS alone sets, nor in its tags or the trail's", () => {
    const registered = {
      taskDefinition: {
        family: "f",
        revision: 7,
        registeredAt: new Date(0),
        compatibilities: ["EC2" as const],
      },
      tags: [
        { key: "aws:x", value: "1" },
        { key: "slipway:version", value: "1.4" },
        { key: "team", value: "a" },
      ],
    };
    const wanted = {
      family: "f",
      containerDefinitions: [],
      tags: [
        { key: "team", value: "a" },
        { key: "slipway:version", value: "1.5" },
      ],
    };
    expect(definitionDifferences(wanted, registered)).toEqual([]);
    expect(definitionDifferences({ ...wanted, tags: [] }, registered)).toEqual([
      { path: "tags[team]", kind: "removed", from: "a" },
    ]);
  });
});

test("without a revision all of a definition is new, and nothing that it does not say", () => {
  expect(
    definitionDifferences({ family: "f", containerDefinitions: [{ name: "a", image: "i" }] }, undefined),
  ).toEqual([
    { path: "family", kind: "added", to: "f" },
    { path: "containerDefinitions[a]", kind: "added", to: { name: "a", image: "i" } },
  ]);
});
