import {
  CreateServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  type ContainerDefinition,
  type CreateServiceCommandInput,
  type Deployment,
  type RegisterTaskDefinitionCommandInput,
  type Service,
} from "@aws-sdk/client-ecs";

import { clientSettings } from "../../scripts/aws/client-settings.ts";
import { ecsPort } from "../../scripts/aws/ecs.ts";
import { explain, type FailedRollout } from "../../scripts/commands/facts/explain.ts";
import type { Diagnosis } from "../../scripts/core/diagnosis.ts";
import type { LocalAws } from "../../scripts/local/start.ts";

type Keys = { readonly accessKeyId: string; readonly secretAccessKey: string };

/** A rollout that takes longer than so many looks hangs. */
const mostLooks = 360;
const lookEveryMs = 250;

/** A service whose rollout is to fail. */
export interface Rollout {
  readonly name: string;
  readonly image: string;
  readonly container?: Partial<ContainerDefinition>;
  readonly otherContainers?: readonly ContainerDefinition[];
  readonly definition?: Partial<RegisterTaskDefinitionCommandInput>;
  readonly service?: Partial<CreateServiceCommandInput>;
  /** An image that is deployed before, and is steady. */
  readonly after?: string;
  /** What tells that it has failed, where that is not ECS's own FAILED. */
  readonly failed?: (deployment: Deployment, service: Service) => boolean;
  /** Once the deployment has a running task. */
  readonly meanwhile?: () => Promise<void>;
}

/** Lets rollouts of a local AWS fail, and explains them. */
export class FailingRollouts {
  readonly ecs: ECSClient;
  readonly #local: LocalAws;
  readonly #cluster: string;

  constructor(local: LocalAws, cluster: string) {
    this.#local = local;
    this.#cluster = cluster;
    this.ecs = new ECSClient({ ...this.#settings() });
  }

  /** Rolls out, waits until that has failed, and explains it. */
  async explained(rollout: Rollout, keys?: Keys): Promise<readonly Diagnosis[]> {
    return this.explain(await this.fail(rollout), keys);
  }

  /** Rolls out and waits until that has failed. */
  async fail(rollout: Rollout): Promise<FailedRollout> {
    const { name, after, failed = isFailed } = rollout;
    const cluster = rollout.service?.cluster ?? this.#cluster;
    if (after !== undefined) {
      await this.#create({ ...rollout, image: after });
      await this.#until(
        cluster,
        name,
        ({ deployments: [deployment] = [] }) => deployment?.rolloutState === "COMPLETED",
      );
    }
    const since = new Date();
    const service = after === undefined ? await this.#create(rollout) : await this.#update(rollout);
    const deploymentId = service.deployments?.[0]?.id ?? "";
    if (rollout.meanwhile !== undefined) {
      await this.#until(
        cluster,
        name,
        ({ deployments: [deployment] = [] }) => (deployment?.runningCount ?? 0) > 0,
      );
      await rollout.meanwhile();
    }
    const last = await this.#until(cluster, name, (look) => {
      const ours = look.deployments?.find(({ id }) => id === deploymentId);
      const event = look.events?.some(({ message = "" }) =>
        message.includes(`${deploymentId}) deployment failed`),
      );
      return ours === undefined ? event === true : failed(ours, look);
    });
    const reason = last.deployments?.find(({ id }) => id === deploymentId)?.rolloutStateReason;
    const taskDefinitionArn = service.taskDefinition ?? "";
    return {
      service: name,
      cluster,
      deploymentId,
      since,
      taskDefinitionArn,
      ...(reason === undefined ? {} : { reason }),
    };
  }

  /** Explains it as a run does that has these keys. */
  explain(subject: FailedRollout, keys?: Keys): Promise<readonly Diagnosis[]> {
    const settings = { ...clientSettings(this.#local.region), ...this.#settings(keys) };
    const observe = (): void => undefined;
    return explain(subject, {
      ecs: ecsPort(settings, observe),
      region: this.#local.region,
      connect: (make) => make(settings, observe),
    });
  }

  #settings(credentials: Keys = { accessKeyId: "local", secretAccessKey: "local" }) {
    return { endpoint: this.#local.endpoint, region: this.#local.region, credentials };
  }

  async #register({ name, image, container, otherContainers = [], definition }: Rollout): Promise<string> {
    const onFargate = definition?.requiresCompatibilities?.includes("FARGATE") === true;
    const { taskDefinition } = await this.ecs.send(
      new RegisterTaskDefinitionCommand({
        family: name,
        ...(onFargate ? { networkMode: "awsvpc", cpu: "256", memory: "512" } : {}),
        ...definition,
        containerDefinitions: [
          { name: "app", image, ...(onFargate ? {} : { memory: 64 }), ...container },
          ...otherContainers,
        ],
      }),
    );
    return taskDefinition?.taskDefinitionArn ?? "";
  }

  async #create(rollout: Rollout): Promise<Service> {
    const { service } = await this.ecs.send(
      new CreateServiceCommand({
        cluster: this.#cluster,
        serviceName: rollout.name,
        taskDefinition: await this.#register(rollout),
        desiredCount: 1,
        launchType: "EC2",
        deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
        ...rollout.service,
      }),
    );
    return service ?? {};
  }

  async #update(rollout: Rollout): Promise<Service> {
    const cluster = rollout.service?.cluster ?? this.#cluster;
    const taskDefinition = await this.#register(rollout);
    const { service } = await this.ecs.send(
      new UpdateServiceCommand({ cluster, service: rollout.name, taskDefinition }),
    );
    return service ?? {};
  }

  async #until(cluster: string, name: string, holds: (service: Service) => boolean): Promise<Service> {
    let last: Service | undefined;
    for (let look = 0; look < mostLooks; look += 1) {
      const { services: [service] = [] } = await this.ecs.send(
        new DescribeServicesCommand({ cluster, services: [name] }),
      );
      if (service !== undefined && holds(service)) return service;
      last = service;
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    }
    throw new Error(`${name} did not get there: ${JSON.stringify(last?.deployments)}`);
  }
}

function isFailed({ rolloutState }: Deployment): boolean {
  return rolloutState === "FAILED";
}
