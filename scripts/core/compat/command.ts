import type { NetworkConfiguration } from "@aws-sdk/client-ecs";

import type { ImageReference } from "../image-reference.ts";

/** What ecs-deploy's form of the command line asks for. */
export interface CompatCommand {
  readonly kind: "compat";
  readonly work: CompatWork;
  readonly account: CompatAccount;
  readonly timeoutMs: number;
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly waitForLock: boolean;
  readonly output: "text" | "json";
  readonly events: boolean;
  readonly color: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** Options that have no part in this work, as ecs-deploy takes them; to be told before it starts. */
  readonly warnings: readonly string[];
}

/** Whose credentials and which Region. */
export interface CompatAccount {
  readonly keys?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly region?: string;
  readonly profile?: string;
  readonly assumeRole?: string;
}

export type CompatWork =
  /** A new revision, made from the running one, for a service. */
  | ({ readonly kind: "deploy" } & ServiceWork & {
        readonly change: DefinitionChange;
        readonly desiredCount?: number;
        readonly minimumHealthyPercent?: number;
        readonly maximumPercent?: number;
        readonly keepRevisions?: number;
      })
  /** New tasks of the running revision. */
  | ({ readonly kind: "restart" } & ServiceWork)
  /** A new revision that nothing runs yet. */
  | { readonly kind: "register"; readonly taskDefinition: string; readonly change: DefinitionChange }
  /** The same, and one task of it. */
  | {
      readonly kind: "runTask";
      readonly cluster: string;
      readonly taskDefinition: string;
      readonly change: DefinitionChange;
      readonly launchType?: "EC2" | "FARGATE" | "EXTERNAL";
      readonly platformVersion?: string;
      readonly networkConfiguration?: NetworkConfiguration;
      readonly waitForSuccess: boolean;
    };

interface ServiceWork {
  readonly cluster: string;
  readonly service: string;
  /** Whether to go back to what ran when the rollout fails or is not steady in time. */
  readonly rollback: boolean;
  /** Whether the old tasks have to be gone. */
  readonly waitForOldTasks: boolean;
}

/** How the new revision differs from its base. */
export interface DefinitionChange {
  readonly to:
    | { readonly kind: "image"; readonly image: ImageReference }
    | { readonly kind: "tag"; readonly tag: string; readonly containers?: readonly string[] };
  /** A file to take as the base; else the running revision, or the newest one. */
  readonly file?: string;
  readonly newest: boolean;
  readonly copyTags: boolean;
}
