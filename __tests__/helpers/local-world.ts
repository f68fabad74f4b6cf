import { isSickAt, isWellAt } from "../../scripts/local/containers/catalogue.ts";
import type { Call } from "../../scripts/local/ecs/api/call.ts";
import { createCluster } from "../../scripts/local/ecs/api/clusters.ts";
import { describeServices } from "../../scripts/local/ecs/api/list-services.ts";
import { createService } from "../../scripts/local/ecs/api/services.ts";
import { updateService } from "../../scripts/local/ecs/api/update-service.ts";
import { registerTaskDefinition } from "../../scripts/local/ecs/api/task-definitions.ts";
import { takeOutcome } from "../../scripts/local/ecs/container-health.ts";
import { containerHealthFound, taskPrepared } from "../../scripts/local/ecs/lifecycle.ts";
import type { Preparation, TaskNeeds } from "../../scripts/local/ecs/preparation.ts";
import type { ServiceRecord } from "../../scripts/local/ecs/state.ts";
import type { TaskRecord } from "../../scripts/local/ecs/task-state.ts";
import { lookAtServicesOf } from "../../scripts/local/ecs/wake.ts";
import { judge } from "../../scripts/local/elb/health.ts";
import { targetGroupsInUse } from "../../scripts/local/elb/targets.ts";
import { takeHosts, type FoundHost } from "../../scripts/local/hosts/sync.ts";
import type { Effect } from "../../scripts/local/world/effects.ts";
import { emptyState, type State } from "../../scripts/local/world/state.ts";
import { step } from "../../scripts/local/world/step.ts";
import { transact } from "../../scripts/local/world/transaction.ts";

type Create = Parameters<typeof createService>[1];
type Update = Parameters<typeof updateService>[1];
type Register = Parameters<typeof registerTaskDefinition>[1];

export const targetGroupArn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/1";
const loadBalancerArn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/lb/1";
const healthCheckEverySeconds = 10;

/** A region whose clock the test turns, with one cluster `test` and one target group behind a listener. */
export class World {
  state: State;
  now = 0;
  /** What comes of fetching what a task needs. */
  preparation: (needs: TaskNeeds) => Preparation = () => ({ type: "ready" });
  /** Every effect so far, oldest first. */
  readonly effects: Effect[] = [];
  readonly #failures = new Map<string, number>();

  constructor(
    options: { hosts?: number; cpu?: number; memoryMiB?: number; deregistrationDelaySeconds?: number } = {},
  ) {
    this.state = emptyState("us-east-1", "123456789012", "test");
    this.call((call) => createCluster(call, { clusterName: "test" }));
    this.call(({ state }) => {
      state.elb.targetGroups[targetGroupArn] = {
        arn: targetGroupArn,
        name: "web",
        targetType: "instance",
        protocol: "HTTP",
        port: 80,
        healthCheck: {
          enabled: true,
          protocol: "HTTP",
          port: "traffic-port",
          path: "/",
          intervalSeconds: healthCheckEverySeconds,
          timeoutSeconds: 5,
          healthyThreshold: 2,
          unhealthyThreshold: 2,
          matcher: "200",
        },
        deregistrationDelaySeconds: options.deregistrationDelaySeconds ?? 30,
      };
      state.elb.listeners["listener"] = {
        arn: "listener",
        loadBalancerArn,
        protocol: "HTTP",
        port: 80,
        rules: [
          {
            arn: "rule",
            isDefault: true,
            priority: 0,
            conditions: [],
            actions: [{ Type: "forward", TargetGroupArn: targetGroupArn }],
          },
        ],
      };
    });
    this.setHosts(options.hosts ?? 2, options.cpu ?? 2048, options.memoryMiB ?? 2048);
  }

  /** Runs an API handler at the world's instant. */
  call<Result>(work: (call: Call) => Result): Result {
    this.#take(step(this.state, this.now));
    // What a handler answers holds parts of the draft, so it leaves the transaction as text, as it does for real.
    const committed = transact(this.state, this.now, (transaction) =>
      JSON.stringify(work({ ...transaction, toDate: (instant) => new Date(instant) }) ?? null),
    );
    this.#take(committed);
    return JSON.parse(committed.result) as Result;
  }

  /** Gives the cluster so many hosts, in two zones. */
  setHosts(count: number, cpu = 2048, memoryMiB = 2048): void {
    const hosts = Array.from({ length: count }, (_, index): FoundHost => {
      return {
        ec2InstanceId: `i-${index}`,
        autoScalingGroup: "hosts",
        autoScalingGroupArn: "arn:hosts",
        clusterName: "test",
        instanceType: "t3.small",
        availabilityZone: index % 2 === 0 ? "us-east-1a" : "us-east-1b",
        subnetId: "subnet-1",
        address: `10.0.0.${index + 10}`,
        imageId: "ami-1",
        cpu,
        memoryMiB,
      };
    });
    this.call((call) => {
      takeHosts(call, hosts);
      return null;
    });
  }

  /** Registers a revision of family `web` with one container on port 80. */
  register(
    image: string,
    options: { hostPort?: number; memory?: number; definition?: Partial<Register> } = {},
  ): string {
    const { taskDefinition } = this.call((call) =>
      registerTaskDefinition(call, {
        family: "web",
        containerDefinitions: [
          {
            name: "web",
            image,
            memory: options.memory ?? 128,
            portMappings: [{ containerPort: 80, hostPort: options.hostPort ?? 0 }],
          },
        ],
        ...options.definition,
      }),
    );
    return taskDefinition.taskDefinitionArn ?? "";
  }

  /** Creates service `web`; behind the load balancer unless `loadBalancers` is empty. */
  create(image: string, input: Partial<Create> = {}): void {
    this.createOf(this.register(image), input);
  }

  createOf(taskDefinition: string, input: Partial<Create> = {}): void {
    this.call((call) =>
      createService(call, {
        cluster: "test",
        serviceName: "web",
        taskDefinition,
        desiredCount: 2,
        loadBalancers: [{ targetGroupArn, containerName: "web", containerPort: 80 }],
        ...input,
      }),
    );
  }

  update(image: string, input: Partial<Update> = {}): void {
    const taskDefinition = this.register(image);
    this.call((call) => updateService(call, { cluster: "test", service: "web", taskDefinition, ...input }));
  }

  change(input: Partial<Update>): void {
    this.call((call) => updateService(call, { cluster: "test", service: "web", ...input }));
  }

  /** Lets time pass, a second at a time, with the load balancer's health checks at their interval. */
  pass(seconds: number): void {
    for (let second = 0; second < seconds; second += 1) {
      this.now += 1000;
      this.#take(step(this.state, this.now));
      this.#checkContainers();
      if (this.now % (healthCheckEverySeconds * 1000) === 0) this.#checkTargets();
    }
  }

  /** Lets time pass until a condition holds, and says after how many seconds it did. */
  passUntil(condition: () => boolean, withinSeconds = 1800): number {
    for (let second = 0; second <= withinSeconds; second += 1) {
      if (condition()) return second;
      this.pass(1);
    }
    throw new Error(
      `The condition did not hold within ${withinSeconds} s. Events:\n${this.messages().join("\n")}`,
    );
  }

  get service(): ServiceRecord {
    const service = Object.values(this.state.ecs.services).find(({ name }) => name === "web");
    if (!service) throw new Error("There is no service.");
    return service;
  }

  /** Every task, stopped ones too, oldest first. */
  get tasks(): TaskRecord[] {
    return Object.values(this.state.ecs.tasks);
  }

  running(image?: string): TaskRecord[] {
    return this.tasks.filter(
      ({ lastStatus, containers }) =>
        lastStatus === "RUNNING" && (image === undefined || containers[0]?.image === image),
    );
  }

  describe() {
    const { services } = this.call((call) => describeServices(call, { cluster: "test", services: ["web"] }));
    const [service] = services;
    if (!service) throw new Error("There is no service.");
    return service;
  }

  /** Whether the service's one deployment is complete and everything old is gone. */
  isSteady(): boolean {
    return this.service.steady && this.service.deployments.length === 1;
  }

  /** Event messages, oldest first. */
  messages(): string[] {
    return this.service.events.map(({ message }) => message).toReversed();
  }

  /** Carries out what the outside would: it fetches what tasks need. */
  #take({ state, effects }: { state: State; effects: readonly Effect[] }): void {
    this.state = state;
    this.effects.push(...effects);
    for (const effect of effects) {
      if (effect.type !== "prepare-task") continue;
      const committed = transact(this.state, this.now, (transaction) => {
        taskPrepared(transaction, effect.taskArn, this.preparation(effect.needs));
      });
      this.#take(committed);
    }
  }

  /** Judges the health checks that are requests, by what the containers would answer. */
  #checkContainers(): void {
    for (const effect of this.effects) {
      if (effect.type !== "start-container" || !effect.check) continue;
      const age = this.now - effect.startedAt;
      const task = this.state.ecs.tasks[effect.taskArn];
      const container = task?.containers.find(({ name }) => name === effect.container);
      if (container?.startedAt !== effect.startedAt || age <= 0 || age % effect.check.interval !== 0)
        continue;
      const key = `${effect.taskArn} ${effect.container} ${effect.startedAt}`;
      const record = { failures: this.#failures.get(key) ?? 0, healthStatus: container.healthStatus };
      takeOutcome(record, effect.check, isWellAt(effect.behaviour, age / 1000), age);
      this.#failures.set(key, record.failures);
      const committed = transact(this.state, this.now, (transaction) => {
        containerHealthFound(transaction, effect.taskArn, effect.container, record.healthStatus);
      });
      this.#take(committed);
    }
  }

  #checkTargets(): void {
    for (const arn of targetGroupsInUse(this.state)) this.#checkTargetsOf(arn);
  }

  #checkTargetsOf(arn: string): void {
    const committed = transact(this.state, this.now, ({ state, now }) => {
      const settings = state.elb.targetGroups[arn]?.healthCheck;
      for (const target of Object.values(state.elb.targets[arn] ?? {})) {
        const task = Object.values(state.ecs.tasks).find(
          ({ targets, lastStatus }) =>
            lastStatus === "RUNNING" &&
            targets.some(({ id, port }) => id === target.id && port === target.port),
        );
        const container = task?.containers[0];
        const age = (now - (container?.startedAt ?? now)) / 1000;
        const listens = container && age >= container.behaviour.listensAfterSeconds;
        const outcome = listens
          ? ({ type: "status", code: isSickAt(container.behaviour, age) ? 503 : 200 } as const)
          : ({ type: "refused" } as const);
        if (settings && judge(target, settings, outcome)) lookAtServicesOf(state, now, arn);
      }
    });
    this.state = committed.state;
  }
}
