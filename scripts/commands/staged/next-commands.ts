import type { Verb } from "../../core/command-line/verbs.ts";
import { invocationOf } from "../../core/invocation.ts";
import { shellWord } from "../../core/shell-word.ts";
import type { RunCommand, RunContext } from "../run-context.ts";
import type { StagedService } from "./place.ts";

/** Another command on the same service, as it is typed. */
export function typed(
  verb: Verb,
  more: readonly string[],
  { address }: StagedService,
  { options }: RunCommand,
): string {
  const { where } = invocationOf(verb, options, undefined);
  return ["./deploy", verb, ...[address.name, ...more, ...where].map(shellWord)].join(" ");
}

/** The same command again, as it is typed. */
export function typedAgain(
  service: StagedService,
  command: RunCommand,
  { known }: Pick<RunContext, "known">,
): string {
  const { options } = command;
  const more = [...(options.rollback ? [] : ["--no-rollback"]), ...(options.force ? ["--force"] : [])];
  const image = known.image === undefined ? "" : `CONTAINER_VERSION=${shellWord(known.image)} `;
  return `${image}${typed(command.verb, more, service, command)}`;
}
