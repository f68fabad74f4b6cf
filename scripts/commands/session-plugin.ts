import { execa } from "execa";
import { which } from "zx/core";

import type { Session } from "@aws-sdk/client-ecs";

import { RefusedError } from "../core/errors.ts";

const program = "session-manager-plugin";

/**
 * The path of AWS's session plugin.
 *
 * @throws RefusedError saying how to get it
 */
export async function findSessionPlugin(
  variables: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const found = await which(program, { path: variables["PATH"] ?? "", nothrow: true });
  if (found !== null) return found;
  throw new RefusedError(
    `${program} is not on the PATH; AWS's sessions need it. Get it from https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html, then run this again.`,
  );
}

/** A session, and how the plugin takes it up again. */
export interface PluginCall {
  readonly session: Session;
  readonly region: string;
  readonly profile?: string;
  /** As in `ecs:<cluster>_<task>_<runtime id>`. */
  readonly target: string;
  readonly endpoint: string;
}

/**
 * Hands the terminal to AWS's session plugin until the session ends, with the arguments that the AWS CLI gives it.
 *
 * @returns its exit code; undefined when a signal ended it
 * @see https://github.com/aws/aws-cli/blob/develop/awscli/customizations/ecs/executecommand.py
 */
export async function runSessionPlugin(
  plugin: string,
  { session, region, profile = "", target, endpoint }: PluginCall,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<number | undefined> {
  const parameters = JSON.stringify({ Target: target });
  const { sessionId, streamUrl, tokenValue } = session;
  const opened = JSON.stringify({ sessionId, streamUrl, tokenValue });
  const { exitCode } = await execa(plugin, [opened, region, "StartSession", profile, parameters, endpoint], {
    stdio: "inherit",
    reject: false,
    extendEnv: false,
    env: variables,
  });
  return exitCode;
}
