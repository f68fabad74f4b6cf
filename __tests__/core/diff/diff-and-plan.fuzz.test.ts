/** What `./deploy diff` shows and what an update does are two views of one comparison. */
import type {
  ContainerDefinition,
  RegisterTaskDefinitionRequest,
  Service,
  UpdateServiceRequest,
} from "@aws-sdk/client-ecs";
import { expect, jest, test } from "@jest/globals";
import fc from "fast-check";

import { planUpdate, type Observed } from "../../../scripts/core/deployment/plan.ts";
import { diffService } from "../../../scripts/core/diff/service-diff.ts";
import { deployment, registered, revisionArn, service } from "../../helpers/ecs-json.ts";

// Hundreds of plans take longer where other tests share the processor.
jest.setTimeout(60_000);

interface Templates {
  readonly taskDefinition: RegisterTaskDefinitionRequest;
  readonly update: UpdateServiceRequest;
}

const running: Service = service({
  loadBalancers: [
    {
      targetGroupArn: "arn:aws:elasticloadbalancing:r:1:targetgroup/a/1",
      containerName: "nginx",
      containerPort: 80,
    },
  ],
  networkConfiguration: { awsvpcConfiguration: { subnets: ["s1", "s2"], securityGroups: ["g"] } },
  placementStrategy: [{ type: "spread", field: "instanceId" }],
  propagateTags: "SERVICE",
  deployments: [
    deployment("ecs-svc/1", {
      volumeConfigurations: [
        { name: "v", managedEBSVolume: { roleArn: "r", sizeInGiB: 10, encrypted: true } },
      ],
    }),
  ],
});

const current = registered();
const revision = {
  ...current,
  tags: [
    { key: "team", value: "a" },
    { key: "slipway:version", value: "1" },
  ],
  taskDefinition: {
    ...current.taskDefinition,
    cpu: "256",
    memory: "512",
    containerDefinitions: (current.taskDefinition.containerDefinitions ?? []).map((one) => ({
      ...one,
      environment: [
        { name: "A", value: "1" },
        { name: "B", value: "" },
      ],
      secrets: [{ name: "S", valueFrom: "/s" }],
      healthCheck: { command: ["CMD", "true"], interval: 30, timeout: 5, retries: 3 },
    })),
  },
};

/** As the running service asks for itself. */
const same: Templates = {
  taskDefinition: {
    family: "nginx",
    cpu: "256",
    memory: "512",
    tags: [{ key: "team", value: "a" }],
    containerDefinitions: [
      {
        name: "nginx",
        image: "nginx:alpine",
        memory: 128,
        portMappings: [{ containerPort: 80 }],
        environment: [
          { name: "A", value: "1" },
          { name: "B", value: "" },
        ],
        secrets: [{ name: "S", valueFrom: "/s" }],
        healthCheck: { command: ["CMD", "true"] },
      },
    ],
  },
  update: { service: "nginx" },
};

type Change = (templates: Templates) => Templates;

const definition =
  (change: (one: RegisterTaskDefinitionRequest) => Partial<RegisterTaskDefinitionRequest>): Change =>
  ({ taskDefinition, update }) => ({
    taskDefinition: { ...taskDefinition, ...change(taskDefinition) },
    update,
  });

const container = (change: (one: ContainerDefinition) => Partial<ContainerDefinition>): Change =>
  definition(({ containerDefinitions = [] }) => ({
    containerDefinitions: containerDefinitions.map((one) => ({ ...one, ...change(one) })),
  }));

const update =
  (change: Partial<UpdateServiceRequest>): Change =>
  (templates) => ({ ...templates, update: { ...templates.update, ...change } });

/** Changes of the words that change no meaning. */
const neutral: readonly Change[] = [
  definition(() => ({ cpu: ".25 vCPU" })),
  definition(() => ({ memory: "0.5 GB", volumes: [], networkMode: "bridge" })),
  definition(({ tags = [] }) => ({ tags: [...tags, { key: "slipway:version", value: "2" }].toReversed() })),
  container(({ environment = [] }) => ({ environment: environment.toReversed() })),
  container(() => ({ cpu: 0, essential: true, mountPoints: [], privileged: false })),
  container(({ portMappings = [] }) => ({
    portMappings: portMappings.map((one) => ({ ...one, hostPort: 0, protocol: "tcp" as const })),
  })),
  container(({ healthCheck }) => ({ healthCheck: { command: healthCheck?.command ?? [], retries: 3 } })),
  update({ desiredCount: 2 }),
  update({ loadBalancers: running.loadBalancers ?? [] }),
  update({
    networkConfiguration: {
      awsvpcConfiguration: { subnets: ["s2", "s1"], securityGroups: ["g"], assignPublicIp: "DISABLED" },
    },
  }),
  update({ placementStrategy: [{ type: "spread", field: "host" }], enableECSManagedTags: false }),
  update({
    deploymentConfiguration: { minimumHealthyPercent: 100, strategy: "ROLLING", bakeTimeInMinutes: 0 },
  }),
  update({ volumeConfigurations: [{ name: "v", managedEBSVolume: { roleArn: "r", sizeInGiB: 10 } }] }),
];

/** Changes that mean something. */
const meant: readonly Change[] = [
  definition(() => ({ pidMode: "host" })),
  definition(() => ({ tags: [] })),
  definition(() => ({ memory: "1 GB" })),
  container(() => ({ image: "nginx:1.27" })),
  container(({ environment = [] }) => ({ environment: environment.slice(0, 1) })),
  container(() => ({
    environment: [
      { name: "A", value: "" },
      { name: "B", value: "" },
    ],
  })),
  container(() => ({ secrets: [{ name: "S", valueFrom: "/other" }] })),
  container(() => ({ dockerLabels: { a: "b=c=d" } })),
  update({ desiredCount: 3 }),
  update({ loadBalancers: [] }),
  update({ propagateTags: "NONE" }),
  update({ deploymentConfiguration: { alarms: { alarmNames: ["x"], enable: true, rollback: true } } }),
  update({ volumeConfigurations: [{ name: "v", managedEBSVolume: { roleArn: "r", sizeInGiB: 20 } }] }),
  update({ forceNewDeployment: true }),
];

const observed: Observed = { service: running, currentRevision: revision, latestRevision: revision };

function look(
  templates: Templates,
  of: Observed = observed,
): { readonly differs: boolean; readonly writes: boolean } {
  const desired = {
    serviceName: "nginx",
    cluster: "test",
    fixedAtCreation: {},
    taskDefinition: templates.taskDefinition,
  };
  const diff = diffService({ ...desired, create: {}, update: templates.update }, of);
  const plan = planUpdate(of, { ...desired, service: templates.update });
  return {
    differs: diff.differences.length > 0,
    writes: plan.steps.some(({ kind }) => kind !== "waitForDeployment"),
  };
}

const some = (changes: readonly Change[], atLeast: number): fc.Arbitrary<Change[]> =>
  fc.subarray([...changes], { minLength: atLeast });
const applied = (changes: readonly Change[]): Templates =>
  changes.reduce((templates, change) => change(templates), same);

test("the templates that the running service was made of are no difference and nothing to do", () => {
  expect(look(same)).toEqual({ differs: false, writes: false });
});

test("other words for the same are no difference, and an update has nothing to do", () => {
  fc.assert(
    fc.property(some(neutral, 1), (changes) => {
      expect(look(applied(changes))).toEqual({ differs: false, writes: false });
    }),
    { numRuns: 300 },
  );
});

test("each change that means something is a difference, and an update has something to do", () => {
  for (const change of meant) expect(look(applied([change]))).toEqual({ differs: true, writes: true });
});

test("whatever a template asks for, a difference is shown just where an update has something to do", () => {
  const templates = fc
    .tuple(some(neutral, 0), some(meant, 0))
    .chain(([same, other]) =>
      fc.shuffledSubarray([...same, ...other], { minLength: same.length + other.length }),
    )
    .map(applied);
  const world = fc.record({
    countIsAutoscaled: fc.boolean(),
    withdrawn: fc.boolean(),
  });
  fc.assert(
    fc.property(templates, world, (wanted, { countIsAutoscaled, withdrawn }) => {
      const status = withdrawn ? ("INACTIVE" as const) : ("ACTIVE" as const);
      const looked = {
        service: running,
        currentRevision: {
          ...revision,
          taskDefinition: { ...revision.taskDefinition, status, taskDefinitionArn: revisionArn("nginx:1") },
        },
        countIsAutoscaled,
      };
      const { differs, writes } = look(wanted, looked);
      expect(writes).toBe(differs);
    }),
    { numRuns: 600 },
  );
});

test("a count that autoscaling owns is no difference, and is told", () => {
  const wanted = { serviceName: "nginx", cluster: "test", fixedAtCreation: {}, create: {} };
  const diff = diffService(
    { ...wanted, taskDefinition: same.taskDefinition, update: { service: "nginx", desiredCount: 9 } },
    { ...observed, countIsAutoscaled: true },
  );
  expect(diff.differences).toEqual([]);
  expect(diff.notes.join()).toContain("Autoscaling owns the desired count, 2 now");
});

test("a service that is gone makes everything new, and what another launch type means is said", () => {
  const wanted = { serviceName: "nginx", cluster: "test", taskDefinition: same.taskDefinition };
  const gone = diffService(
    {
      ...wanted,
      fixedAtCreation: {},
      create: { serviceName: "nginx", desiredCount: 1 },
      update: same.update,
    },
    { service: { ...running, status: "INACTIVE" }, currentRevision: revision },
  );
  expect(gone.revision).toBeUndefined();
  expect(gone.differences.map(({ path }) => path)).toContain("containerDefinitions[nginx]");
  expect(gone.differences.map(({ path }) => path)).toContain("desiredCount");
  const fixed = diffService(
    { ...wanted, fixedAtCreation: { launchType: "FARGATE" }, create: {}, update: same.update },
    observed,
  );
  expect(fixed.differences).toMatchObject([
    { document: "service", path: "launchType", from: "EC2", to: "FARGATE" },
  ]);
  expect(fixed.notes.join()).toContain("an update would be refused");
});
