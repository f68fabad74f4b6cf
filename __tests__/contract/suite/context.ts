import {
  CreateClusterCommand,
  CreateServiceCommand,
  DeleteClusterCommand,
  DeleteServiceCommand,
  DeregisterTaskDefinitionCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  type ContainerDefinition,
  type CreateServiceCommandInput,
  type RegisterTaskDefinitionCommandInput,
  type Service,
  type Task,
  type UpdateServiceCommandInput,
} from "@aws-sdk/client-ecs";

import { given, type Clients } from "./clients.ts";
import type { Ground, Network } from "./ground.ts";
import { makeTargetGroup, type TargetGroup, type TargetGroupOptions } from "./target-groups.ts";
import type { Target } from "./target.ts";

/** What a case works with: clients, names of its own, and what it makes, which is removed after it. */
export class Context {
  readonly clients: Clients;
  readonly target: Target;
  /** Begins every name that the case gives. */
  readonly prefix: string;
  readonly #ground: Ground;
  readonly #cleanUps: (() => Promise<unknown>)[] = [];
  #names = 0;

  constructor(options: { clients: Clients; target: Target; ground: Ground; prefix: string }) {
    this.clients = options.clients;
    this.target = options.target;
    this.#ground = options.ground;
    this.prefix = options.prefix;
  }

  get ecs(): Clients["ecs"] {
    return this.clients.ecs;
  }

  /** A name that nothing else has. */
  name(): string {
    this.#names += 1;
    return `${this.prefix}-${this.#names}`;
  }

  network(): Promise<Network> {
    return this.#ground.network();
  }

  loadBalancer(): Promise<string> {
    return this.#ground.loadBalancer();
  }

  /** The shared cluster, which has two hosts and both Fargate providers. */
  cluster(): Promise<string> {
    return this.#ground.cluster();
  }

  nextPort(): number {
    return this.#ground.nextPort();
  }

  /** Has something done after the case, the last one first. */
  afterwards(cleanUp: () => Promise<unknown>): void {
    this.#cleanUps.push(cleanUp);
  }

  /** Removes what the case made; what is gone already is no matter. */
  async close(): Promise<void> {
    for (const cleanUp of this.#cleanUps.toReversed()) await cleanUp().catch(() => undefined);
  }

  /** A cluster of the case's own, without hosts. */
  async ownCluster(): Promise<string> {
    const clusterName = this.name();
    await this.ecs.send(new CreateClusterCommand({ clusterName }));
    this.afterwards(() => this.ecs.send(new DeleteClusterCommand({ cluster: clusterName })));
    return clusterName;
  }

  /** Registers a definition of one container `web` on port 80, in bridge mode unless told otherwise. */
  async register(
    over: Partial<RegisterTaskDefinitionCommandInput> & { container?: Partial<ContainerDefinition> } = {},
  ): Promise<string> {
    const { container, ...rest } = over;
    const { taskDefinition } = await this.ecs.send(
      new RegisterTaskDefinitionCommand({
        family: this.name(),
        containerDefinitions: [{ ...webContainer, ...container }],
        ...rest,
      }),
    );
    const arn = given(taskDefinition?.taskDefinitionArn);
    this.afterwards(() => this.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: arn })));
    return arn;
  }

  /** Registers a definition for Fargate. */
  registerForFargate(over: Parameters<Context["register"]>[0] = {}): Promise<string> {
    return this.register({ ...fargateSize, ...over });
  }

  /** Creates a service in the shared cluster; without a load balancer and with no task unless told otherwise. */
  async create(over: Partial<CreateServiceCommandInput> = {}): Promise<Service> {
    const cluster = over.cluster ?? (await this.cluster());
    const serviceName = over.serviceName ?? this.name();
    this.afterwards(() =>
      this.ecs.send(new DeleteServiceCommand({ cluster, service: serviceName, force: true })),
    );
    const { service } = await this.ecs.send(
      new CreateServiceCommand({
        desiredCount: 0,
        ...("taskDefinition" in over ? {} : { taskDefinition: await this.register() }),
        ...over,
        cluster,
        serviceName,
      }),
    );
    return given(service);
  }

  /** Changes a service that `create` made. */
  async update(service: Service, change: Partial<UpdateServiceCommandInput>): Promise<Service> {
    const answer = await this.ecs.send(
      new UpdateServiceCommand({ cluster: service.clusterArn, service: service.serviceName, ...change }),
    );
    return given(answer.service);
  }

  async describe(service: Service, include: ["TAGS"] | [] = []): Promise<Service> {
    const { services } = await this.ecs.send(
      new DescribeServicesCommand({
        cluster: service.clusterArn,
        services: [given(service.serviceArn)],
        include: [...include],
      }),
    );
    return given(services?.[0]);
  }

  /** The tasks of a service that ListTasks gives for a desired status. */
  async tasks(service: Service, desiredStatus: "RUNNING" | "STOPPED" = "RUNNING"): Promise<Task[]> {
    const { taskArns = [] } = await this.ecs.send(
      new ListTasksCommand({ cluster: service.clusterArn, serviceName: service.serviceName, desiredStatus }),
    );
    if (taskArns.length === 0) return [];
    const { tasks } = await this.ecs.send(
      new DescribeTasksCommand({ cluster: service.clusterArn, tasks: taskArns }),
    );
    return tasks ?? [];
  }

  /** A target group behind a listener of its own on the shared load balancer. */
  targetGroup(options: TargetGroupOptions = {}): Promise<TargetGroup> {
    return makeTargetGroup(this, options);
  }

  /** Asks again and again until a condition holds, for at most so many of AWS's seconds. */
  async until<Answer>(
    ask: () => Promise<Answer>,
    holds: (answer: Answer) => boolean,
    withinSeconds = 900,
  ): Promise<Answer> {
    // A faster clock leaves the machine less time for each thing, so there is a margin that does not scale.
    const limit = Date.now() + (withinSeconds * 1000) / this.target.speed + 30_000;
    for (;;) {
      const answer = await ask();
      if (holds(answer)) return answer;
      if (Date.now() > limit) {
        throw new Error(`It did not come within ${withinSeconds} s of AWS:\n${tell(answer)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, this.target.speed > 1 ? 60 : 5000));
    }
  }

  /** Polls a service until a condition holds. */
  serviceUntil(
    service: Service,
    holds: (service: Service) => boolean,
    withinSeconds = 900,
  ): Promise<Service> {
    return this.until(() => this.describe(service), holds, withinSeconds);
  }

  /** Waits until a service's one deployment is complete and its tasks run. */
  steady(service: Service): Promise<Service> {
    return this.serviceUntil(service, isSteady);
  }
}

/** Whether a service's one deployment is complete and runs all its tasks. */
export function isSteady({ deployments = [], runningCount, desiredCount }: Service): boolean {
  return (
    deployments.length === 1 &&
    deployments[0]?.rolloutState === "COMPLETED" &&
    runningCount === desiredCount &&
    deployments[0].runningCount === desiredCount
  );
}

/** One small container that serves port 80. */
export const webContainer: ContainerDefinition = {
  name: "web",
  image: "public.ecr.aws/nginx/nginx:latest",
  memory: 64,
  portMappings: [{ containerPort: 80, hostPort: 0 }],
};

/** What makes a definition one for Fargate. */
export const fargateSize = {
  requiresCompatibilities: ["FARGATE"],
  networkMode: "awsvpc",
  cpu: "256",
  memory: "512",
} satisfies Partial<RegisterTaskDefinitionCommandInput>;

function tell(answer: unknown): string {
  const { events, deployments } = (answer ?? {}) as Service;
  const messages = events?.slice(0, 8).map(({ message }) => message);
  return JSON.stringify(messages ? { messages, deployments } : answer, undefined, 1).slice(0, 3000);
}
