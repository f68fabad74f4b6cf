import { revisionName } from "../core/deployment/task-definition.ts";
import { AwsCallError } from "../core/errors.ts";
import { exitCode } from "../core/exit-code.ts";
import type { CommandResult } from "../terminal/command-result.ts";
import { pruneText, type PinsReport, type PruneReport } from "../terminal/revisions-text.ts";
import type { RevisionsInUse } from "./facts/revisions-in-use.ts";
import { deregister, prunable } from "./prune-revisions.ts";
import type { RunCommand, RunContext, RunEdge } from "./run-context.ts";

/** After so many deregistrations, which come at one a second, progress is told. */
const toldEvery = 20;

/** What `--keep-revisions` is about. */
export interface Keeping {
  readonly serviceName: string;
  readonly cluster: string;
  readonly family: string;
  readonly keep: number;
  readonly inUse: () => Promise<RevisionsInUse>;
  /** The service also runs revisions of another family, so that these alone do not tell which images it needs. */
  readonly isOfOtherFamily?: boolean;
}

/**
 * `./deploy revisions --keep-revisions`: deregisters all but the newest revisions, and never one in use. Where the
 * environment's registry releases pins, those go that no revision needs any more, under the service's lock.
 *
 * @throws AwsCallError saying what was done before; RefusedError where another run holds the lock
 */
export async function keepRevisions(
  wanted: Keeping,
  command: RunCommand,
  context: RunContext,
  edge: RunEdge,
): Promise<CommandResult> {
  const { serviceName, cluster } = wanted;
  const releases = context.environment.registry?.releasePins === true;
  if (!releases || command.options.dryRun) return pruneNow(wanted, releases, command, context, edge);
  const { takeLocks } = await import("./lock/lock.ts");
  const purpose = `prune revisions and pins of ${serviceName}`;
  const held = await takeLocks([{ serviceName, cluster, purpose }], command, context, edge);
  try {
    return await pruneNow(wanted, releases, command, context, edge);
  } finally {
    await held.release();
  }
}

async function pruneNow(
  { serviceName, cluster, family, keep, inUse: look, isOfOtherFamily = false }: Keeping,
  releases: boolean,
  { verb, options }: RunCommand,
  context: RunContext,
  { signal }: RunEdge,
): Promise<CommandResult> {
  const inUse = await look();
  const arns = await prunable(family, keep, inUse, context);
  const done: string[] = [];
  const needed = [...new Set([...inUse.usedBy.keys(), ...inUse.rollbackTargets.values()])];
  const report = (pins?: PinsReport): CommandResult => {
    const interrupted = signal.aborted && done.length < arns.length;
    const document: PruneReport = {
      command: verb,
      family,
      outcome: options.dryRun ? "planned" : interrupted ? "interrupted" : "pruned",
      revisions: (options.dryRun ? arns : done).map(revisionName),
      left: options.dryRun ? 0 : arns.length - done.length,
      keep,
      inUse: needed.map(revisionName),
      ...(pins === undefined ? {} : { pins }),
    };
    return {
      exitCode: interrupted ? exitCode.interrupted : exitCode.completed,
      document,
      text: (paint) => pruneText(document, paint),
    };
  };
  if (!options.dryRun) {
    try {
      await deregister(
        arns,
        context,
        (arn) => {
          done.push(arn);
          if (done.length % toldEvery !== 0) return;
          context.emit({ type: "note", message: `${done.length} of ${arns.length} revisions deregistered` });
        },
        signal,
      );
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      const message = `${error.message}\n${done.length} of ${arns.length} revisions were deregistered before.`;
      throw new AwsCallError(error.code, message, { cause: error });
    }
    if (signal.aborted) return report();
  }
  if (!releases || isOfOtherFamily) return report();
  const [{ taskDefinitionsPort }, { releasePins }] = await Promise.all([
    import("../aws/task-definitions.ts"),
    import("./registry/release-pins.ts"),
  ]);
  const active = await context.connect(taskDefinitionsPort).active(family);
  const going = new Set(arns);
  const staying = [...new Set([...active.filter((arn) => !going.has(arn)), ...needed])];
  return report(await releasePins({ serviceName, cluster, staying }, options, context));
}
