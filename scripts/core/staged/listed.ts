import { idMadeAt } from "../deployment-id.ts";
import { stagedTags, type ObservedApplication, type StagedState } from "./model.ts";

/** One deployment as `./deploy deployments` lists it. */
export interface ListedDeployment {
  readonly id: string;
  readonly version?: string;
  /** `family:revision`. */
  readonly revision?: string;
  readonly state: StagedState;
  /** Its share of the live traffic. */
  readonly trafficPercent: number;
  /** ISO 8601. */
  readonly createdAt?: string;
  readonly ageSeconds?: number;
  readonly stagedAt?: string;
  readonly tasks: { readonly running: number; readonly pending: number; readonly desired: number };
  /** Hosts at which it answers now. */
  readonly hosts: readonly string[];
  /** ECS's name of its service; absent where that is gone. */
  readonly service?: string;
  readonly targetGroup: string;
}

/**
 * The deployments of an application, the newest first.
 *
 * @param now milliseconds since 1970
 */
export function listed(
  { deployments, place }: ObservedApplication,
  now: number,
): readonly ListedDeployment[] {
  return deployments.map((one): ListedDeployment => {
    const { tags, name } = one.targetGroup;
    const {
      [stagedTags.version]: version,
      [stagedTags.revision]: revision,
      [stagedTags.stagedAt]: stagedAt,
    } = tags;
    const madeAt = idMadeAt(one.id);
    const {
      runningCount: running = 0,
      pendingCount: pending = 0,
      desiredCount: desired = 0,
    } = one.service ?? {};
    return {
      id: one.id,
      ...(version === undefined ? {} : { version }),
      ...(revision === undefined ? {} : { revision }),
      state: one.state,
      trafficPercent: Math.round(one.trafficPercent * 10) / 10,
      ...(madeAt === undefined
        ? {}
        : {
            createdAt: new Date(madeAt).toISOString(),
            ageSeconds: Math.max(0, Math.floor((now - madeAt) / 1_000)),
          }),
      ...(stagedAt === undefined ? {} : { stagedAt }),
      tasks: { running, pending, desired },
      hosts: [
        ...(one.trafficPercent > 0 ? [place.liveHost] : []),
        ...(one.stageRuleArn === undefined ? [] : [one.stagedHost]),
      ],
      ...(one.service === undefined ? {} : { service: one.serviceName }),
      targetGroup: name,
    };
  });
}
