import { exitCode } from "../../core/exit-code.ts";
import { listed } from "../../core/staged/listed.ts";
import type { CommandResult } from "../../terminal/command-result.ts";
import { stagedListText, type StagedListReport } from "../../terminal/staged-list-text.ts";
import type { RunCommand, RunContext, RunEdge } from "../run-context.ts";
import { observeApplication } from "./observe.ts";
import type { StagedService } from "./place.ts";

/**
 * `./deploy deployments` of a service whose every deployment is a service of its own: all of them, with who has the
 * traffic, as AWS alone tells it.
 *
 * @throws InvalidInputError, RefusedError, AwsCallError
 */
export async function listStaged(
  service: StagedService,
  { verb }: RunCommand,
  context: RunContext,
  { wallClock }: RunEdge,
): Promise<CommandResult> {
  const observed = await observeApplication(service, context);
  const document: StagedListReport = {
    command: verb,
    environment: context.environment.name,
    region: context.region,
    cluster: observed.cluster,
    application: observed.application,
    host: observed.place.liveHost,
    deployments: listed(observed, wallClock.now()),
  };
  return { exitCode: exitCode.completed, document, text: (paint) => stagedListText(document, paint) };
}
