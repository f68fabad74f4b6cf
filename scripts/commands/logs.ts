import prettyMilliseconds from "pretty-ms";

import { AwsCallError, InvalidInputError, RefusedError } from "../core/errors.ts";
import { exitCode } from "../core/exit-code.ts";
import { createLogReader, type SourcedLine } from "../core/logs/reader.ts";
import type { CommandResult } from "../terminal/command-result.ts";
import { lineDocument, linePart, type ContainerLine } from "../terminal/log-line.ts";
import { findLogSources, linesOf } from "./facts/log-sources.ts";
import { oneService } from "./one-service.ts";
import { runContext, type RunCommand, type RunEdge } from "./run-context.ts";

/** How often new lines are asked for. CloudWatch Logs has them some seconds after they were written. */
const followEveryMs = 2_000;

/** Lines are printed when so many are there, so that ownership is asked for many tasks at once. */
const printedTogether = 500;

/**
 * `./deploy logs`: what the containers of a service wrote to CloudWatch Logs, merged by time; with `--follow` until
 * Ctrl-C.
 *
 * @throws RefusedError when the service does not exist, or does not log to CloudWatch Logs
 */
export async function logs(command: RunCommand, edge: RunEdge): Promise<CommandResult> {
  const { options } = command;
  const context = await runContext(command, edge);
  const addressed = await oneService(command, context, edge.workingFolder);
  const { staged } = addressed;
  const found = await findLogSources(addressed, command, context);
  const reader = createLogReader([...found.sources.keys()], edge.wallClock.now() - options.sinceMs, () =>
    edge.wallClock.now(),
  );

  const lines: ContainerLine[] = [];
  let count = 0;
  const print = async (batch: readonly SourcedLine[]): Promise<void> => {
    for (const line of await linesOf(batch, found)) {
      count += 1;
      if (options.output === "json") lines.push(line);
      else edge.output.part(linePart(line));
    }
  };
  for (;;) {
    try {
      await printAll(reader.read(), print, edge.signal);
    } catch (error) {
      throw explained(error, found.groups, options.grep);
    }
    if (!options.follow || edge.signal.aborted) break;
    await edge.wallClock.sleep(followEveryMs, edge.signal);
  }
  if (count === 0) {
    const matching = options.grep === undefined ? "" : ` that match ${JSON.stringify(options.grep)}`;
    const message = `No lines${matching} in log group ${found.groups.join(", ")} in the last ${prettyMilliseconds(options.sinceMs)}; --since looks further back.`;
    context.emit({ type: "note", message });
  }
  return {
    exitCode: edge.signal.aborted ? exitCode.interrupted : exitCode.completed,
    document: {
      command: command.verb,
      service: addressed.serviceName,
      cluster: addressed.cluster,
      ...(staged === undefined ? {} : { deploymentId: staged.deploymentId }),
      groups: found.groups,
      ...(options.output === "json" ? { lines: lines.map(lineDocument) } : { lineCount: count }),
    },
    text: () => "",
  };
}

async function printAll(
  lines: AsyncIterable<SourcedLine>,
  print: (batch: readonly SourcedLine[]) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let batch: SourcedLine[] = [];
  for await (const line of lines) {
    batch.push(line);
    if (batch.length >= printedTogether) {
      await print(batch);
      batch = [];
    }
    if (signal.aborted) break;
  }
  await print(batch);
}

function explained(error: unknown, groups: readonly string[], pattern: string | undefined): unknown {
  if (!(error instanceof AwsCallError)) return error;
  if (error.code === "ResourceNotFoundException") {
    return new RefusedError(
      `A log group that the service's tasks write to does not exist: ${groups.join(", ")}. Without it they do not start; make it, or set awslogs-create-group.`,
      { cause: error },
    );
  }
  if (error.code === "InvalidParameterException" && pattern !== undefined) {
    return new InvalidInputError(
      `--grep ${JSON.stringify(pattern)} is no filter pattern of CloudWatch Logs (${error.message}). A text with spaces or signs goes in double quotes, as in --grep '"GET /health"'.`,
    );
  }
  return error;
}
