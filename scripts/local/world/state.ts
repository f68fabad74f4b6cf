/**
 * Everything the local AWS knows of one region, as plain data: the scheduler's whole world.
 *
 * Times are milliseconds on the scaled clock (see `clock.ts`); `null` means "never" or "not yet".
 */
import type { AlarmsState } from "../alarms/state.ts";
import { emptyCodeDeploy, type CodeDeployState } from "../codedeploy/state.ts";
import type { CatalogueEntry } from "../containers/catalogue.ts";
import type { EcsState } from "../ecs/state.ts";
import type { ElbState } from "../elb/state.ts";

/** How images behave: as the catalogue says, or as they really do. */
export interface ImagesState {
  /** Of the project's file of images. */
  entries: readonly CatalogueEntry[];
  /** Whether containers run their real images. */
  real: boolean;
}

/** One region's world. */
export interface State {
  region: string;
  account: string;
  /** Seed and counter that identifiers are made from, so that the core needs no randomness of its own. */
  identifiers: { seed: string; next: number };
  ecs: EcsState;
  elb: ElbState;
  codedeploy: CodeDeployState;
  alarms: AlarmsState;
  /** For how long each alarm looks back, in milliseconds: its period times its evaluation periods. */
  alarmSpans: Record<string, number>;
  images: ImagesState;
}

/** An empty region. `seed` makes its identifiers differ from those of other runs. */
export function emptyState(region: string, account: string, seed: string): State {
  return {
    region,
    account,
    identifiers: { seed, next: 0 },
    ecs: {
      clusters: {},
      capacityProviders: {},
      latestRevisions: {},
      taskDefinitions: {},
      services: {},
      tasks: {},
      hosts: {},
      subnets: {},
      tags: {},
      accountSettings: {},
      serviceDeployments: {},
      serviceRevisions: {},
    },
    elb: {
      loadBalancers: {},
      listeners: {},
      targetGroups: {},
      targets: {},
      trustStores: {},
      mutualAuthentication: {},
    },
    codedeploy: emptyCodeDeploy(),
    alarms: {},
    alarmSpans: {},
    images: { entries: [], real: false },
  };
}
