import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
} from "@aws-sdk/client-application-auto-scaling";
import {
  DescribeTaskDefinitionCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  ListTaskDefinitionsCommand,
  type Tag,
} from "@aws-sdk/client-ecs";
import { GetParametersByPathCommand, SSMClient } from "@aws-sdk/client-ssm";

import type { ClientSettings } from "./local-admin.ts";
import { describeService } from "./steady-services.ts";

/** What a run leaves of one service, told so that two services that came to the same are equal. */
export interface EndState {
  readonly status: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  /** Each as `PRIMARY COMPLETED 1/1 of revision 2`. */
  readonly deployments: readonly string[];
  /** The content of the revision that the service points at. */
  readonly definition: unknown;
  /** Tags of service and revision that don't differ from run to run. */
  readonly tags: readonly string[];
  readonly revisionTags: readonly string[];
  readonly activeRevisions: number;
  /** Every rollout that the service ever had, oldest first, with how it ended. */
  readonly rollouts: readonly string[];
  readonly locks: readonly string[];
  readonly suspended: readonly string[];
}

/** Tags whose values are a run's own. */
const ofOneRun = new Set(["slipway:deployment", "slipway:deployed-at", "slipway:replaced"]);

/** Reads end states past every proxy. */
export class EndStates {
  readonly #ecs: ECSClient;
  readonly #ssm: SSMClient;
  readonly #scaling: ApplicationAutoScalingClient;

  constructor(settings: ClientSettings) {
    this.#ecs = new ECSClient(settings);
    this.#ssm = new SSMClient(settings);
    this.#scaling = new ApplicationAutoScalingClient(settings);
  }

  /** @param role what the service is called in the state, in place of its own name */
  async of(name: string, role: string): Promise<EndState | undefined> {
    const service = await describeService(this.#ecs, name);
    if (service === undefined) return undefined;
    const { taskDefinition, tags } = await this.#ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: service.taskDefinition, include: ["TAGS"] }),
    );
    const {
      taskDefinitionArn: _,
      revision: __,
      registeredAt: ___,
      registeredBy: ____,
      ...content
    } = taskDefinition ?? {};
    const { taskDefinitionArns = [] } = await this.#ecs.send(
      new ListTaskDefinitionsCommand({ familyPrefix: name }),
    );
    const { serviceDeployments = [] } = await this.#ecs.send(
      new ListServiceDeploymentsCommand({ cluster: "test", service: name, maxResults: 100 }),
    );
    const renamed = <Value>(value: Value): Value =>
      JSON.parse(JSON.stringify(value).replaceAll(name, role)) as Value;
    return renamed({
      status: service.status ?? "",
      desired: service.desiredCount ?? 0,
      running: service.runningCount ?? 0,
      pending: service.pendingCount ?? 0,
      // A failed one that has gone stays in the list for a moment.
      deployments: (service.deployments ?? [])
        .filter(({ status, runningCount = 0 }) => status === "PRIMARY" || runningCount > 0)
        .map(
          ({ status, rolloutState, runningCount, desiredCount, taskDefinition: arn }) =>
            `${status ?? ""} ${rolloutState ?? ""} ${runningCount ?? 0}/${desiredCount ?? 0} of ${revisionOf(arn)}`,
        ),
      definition: content,
      tags: lasting(service.tags),
      revisionTags: lasting(tags),
      activeRevisions: taskDefinitionArns.length,
      rollouts: serviceDeployments
        .toSorted((left, right) => (left.createdAt?.getTime() ?? 0) - (right.createdAt?.getTime() ?? 0))
        .map(({ status }) => status ?? ""),
      locks: await this.locks(name),
      suspended: await this.#suspended(name),
    });
  }

  /** Names of the locks that are about a service. */
  async locks(name: string): Promise<readonly string[]> {
    const found: string[] = [];
    let NextToken: string | undefined;
    do {
      const answer = await this.#ssm.send(
        new GetParametersByPathCommand({ Path: "/slipway/test/locks/", Recursive: true, NextToken }),
      );
      found.push(...(answer.Parameters ?? []).flatMap((parameter) => parameter.Name ?? []));
      NextToken = answer.NextToken;
    } while (NextToken !== undefined);
    return found.filter((lock) => lock.split("/").includes(name));
  }

  async #suspended(name: string): Promise<readonly string[]> {
    const { ScalableTargets = [] } = await this.#scaling.send(
      new DescribeScalableTargetsCommand({ ServiceNamespace: "ecs", ResourceIds: [`service/test/${name}`] }),
    );
    return ScalableTargets.flatMap(({ SuspendedState = {} }) =>
      Object.entries(SuspendedState).flatMap(([activity, suspended]) => (suspended === true ? activity : [])),
    );
  }
}

function revisionOf(arn = ""): string {
  return `revision ${arn.slice(arn.lastIndexOf(":") + 1)}`;
}

function lasting(tags: readonly Tag[] = []): readonly string[] {
  return tags
    .filter(({ key = "" }) => !ofOneRun.has(key))
    .map(({ key, value }) => `${key ?? ""}=${value ?? ""}`)
    .toSorted();
}
