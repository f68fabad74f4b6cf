import type { IAMClient } from "@aws-sdk/client-iam";

import type { State } from "../../world/state.ts";
import type { MotoAddress } from "../moto-calls.ts";
import type { Context } from "../pattern.ts";
import type { Parameters } from "./parameters.ts";

/** One thing that a call needs to be allowed. */
export interface Asked {
  readonly action: string;
  readonly resource: string;
  readonly context: Context;
}

/** A call of an API, read. */
export interface AskingCall {
  /** Prefix of the service's actions, such as `ecs`. */
  readonly service: string;
  readonly operation: string;
  readonly parameters: Parameters;
  readonly region: string;
  readonly account: string;
}

/** What is looked up to name a call's resources in full. */
export interface Surroundings {
  readonly state: Pick<State, "ecs" | "codedeploy">;
  /** A client that is not itself subject to enforcement. */
  readonly iam: IAMClient;
  readonly moto: MotoAddress;
}
