import type { DeployOptions } from "./command-line/parse.ts";
import type { Verb } from "./command-line/verbs.ts";

/** How a run was called, as far as the next command has to be called alike. */
export interface Invocation {
  /** Set where the same command can't be made from this, as in ecs-deploy's form: other commands are named alone. */
  readonly isForeign?: true;
  /** Options that say where: for any command on the same services. */
  readonly where: readonly string[];
  /** Options that say how: for the same command again. */
  readonly how: readonly string[];
  /** CONTAINER_VERSION, where the command takes it. */
  readonly image?: string;
  readonly timeoutMs: number;
  /** Names on the command line by name of service, for those that differ. */
  readonly names: Readonly<Record<string, string>>;
}

/**
 * How a run was called. What only held for this one call is left out: `--no-wait`, `--dry-run`, `--timeout` and the
 * forms of output.
 *
 * @param names names on the command line by name of service
 */
export function invocationOf(
  verb: Verb,
  options: DeployOptions,
  image: string | undefined,
  names: Readonly<Record<string, string>> = {},
): Invocation {
  const { environmentName, templatesFolder, cluster, region, profile } = options;
  const takesImage = verb === "create" || verb === "update";
  return {
    where: [
      ...option("env", environmentName === "test" ? undefined : environmentName),
      ...option("templates", templatesFolder === "templates" ? undefined : templatesFolder),
      ...option("cluster", cluster),
      ...option("region", region),
      ...option("profile", profile),
    ],
    how: [
      ...option("to", options.to),
      ...option("count", options.count),
      ...(options.force ? ["--force"] : []),
      ...(options.waitForLock ? ["--wait-for-lock"] : []),
      ...(options.rollback ? [] : ["--no-rollback"]),
      ...option("on-failure", options.onFailure === "rollback" ? undefined : options.onFailure),
      ...(options.suspendAutoscaling ? ["--suspend-autoscaling"] : []),
      ...option("keep-revisions", options.keepRevisions),
      ...option("deployment-config", options.deploymentConfig),
      ...option("auto-approve-after", secondsOf(options.autoApproveAfterMs)),
      ...option("wait-until", options.waitUntil === "stable" ? undefined : options.waitUntil),
    ],
    ...(takesImage && image !== undefined ? { image } : {}),
    timeoutMs: options.timeoutMs,
    names: Object.fromEntries(Object.entries(names).filter(([service, name]) => service !== name)),
  };
}

/** How other commands are called after a run in ecs-deploy's form. */
export function foreignInvocation(where: {
  readonly environment: string | undefined;
  readonly cluster: string;
  readonly region: string;
  readonly profile: string | undefined;
}): Invocation {
  const { environment, cluster, region, profile } = where;
  return {
    isForeign: true,
    where: [
      ...option("env", environment === "test" ? undefined : environment),
      ...option("cluster", cluster),
      ...option("region", region),
      ...option("profile", profile),
    ],
    how: [],
    timeoutMs: 0,
    names: {},
  };
}

function secondsOf(milliseconds: number | undefined): string | undefined {
  return milliseconds === undefined ? undefined : `${Math.ceil(milliseconds / 1_000)}s`;
}

function option(name: string, value: string | number | undefined): readonly string[] {
  return value === undefined ? [] : [`--${name}`, String(value)];
}
