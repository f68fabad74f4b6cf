import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";

import type { ImageBehaviour } from "../containers/catalogue.ts";
import type { CheckSettings } from "../ecs/container-health.ts";
import type { TaskNeeds } from "../ecs/preparation.ts";

/** Where a container can be reached in the modelled network: a host's instance id or an address, and a port. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** The container port behind it, where it is a container's. */
  readonly containerPort?: number;
}

/** What the pure core asks the outside to do. */
export type Effect =
  | {
      readonly type: "start-container";
      readonly taskArn: string;
      readonly taskId: string;
      readonly container: string;
      readonly image: string;
      readonly family: string;
      readonly revision: number;
      readonly startedAt: number;
      readonly behaviour: ImageBehaviour;
      /** Its container ports. */
      readonly ports: readonly number[];
      /** Without its secrets. */
      readonly environment: Readonly<Record<string, string>>;
      readonly command: readonly string[];
      readonly entryPoint: readonly string[];
      /** Its limit; null without one. */
      readonly memoryMiB: number | null;
      /** Its health check, where that is to be judged by what the container really answers. */
      readonly check: CheckSettings | undefined;
      /** Every (host, port) at which this container's server is to be found, by container port. */
      readonly endpoints: readonly Endpoint[];
    }
  | {
      /** SIGTERM, or SIGKILL and the end, for one container of a task or all of them. */
      readonly type: "stop-containers";
      readonly taskId: string;
      readonly container?: string;
      readonly kill: boolean;
      /** From SIGTERM to SIGKILL, in AWS's seconds. */
      readonly timeoutSeconds?: number;
    }
  | {
      /** Has everything fetched that a task needs before its images are pulled; answered by `taskPrepared`. */
      readonly type: "prepare-task";
      readonly taskArn: string;
      readonly needs: TaskNeeds;
    }
  | {
      readonly type: "write-log";
      readonly taskId: string;
      readonly container: string;
      readonly message: string;
    }
  | {
      /** Writes a rule's actions, or those of a listener's default rule, to moto. */
      readonly type: "shift-traffic";
      readonly ruleOrListenerArn: string;
      readonly actions: readonly Action[];
    }
  | {
      /** Asks a Lambda function to judge a CodeDeploy deployment; it answers by calling CodeDeploy. */
      readonly type: "codedeploy-hook";
      readonly deploymentId: string;
      readonly executionId: string;
      readonly functionName: string;
    }
  | {
      /** Fetches the AppSpec of a CodeDeploy deployment from S3. */
      readonly type: "codedeploy-revision";
      readonly deploymentId: string;
      readonly bucket: string;
      readonly key: string;
      readonly version: string | null;
    }
  | { readonly type: "resize-group"; readonly group: string; readonly desired: number }
  | { readonly type: "terminate-host"; readonly ec2InstanceId: string }
  | {
      /** Invokes a lifecycle hook of an ECS deployment. */
      readonly type: "deployment-hook";
      readonly serviceDeploymentArn: string;
      readonly hookId: string;
      readonly functionArn: string;
      /** What the function gets, as JSON. */
      readonly event: string;
    }
  | { readonly type: "log"; readonly message: string };
