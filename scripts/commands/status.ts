import { RefusedError, UsageError } from "../core/errors.ts";
import { exitCode } from "../core/exit-code.ts";
import { invocationOf } from "../core/invocation.ts";
import { shellWord } from "../core/shell-word.ts";
import { assembleStatus } from "../core/status/assemble.ts";
import type { CommandResult } from "../terminal/command-result.ts";
import { statusText } from "../terminal/status-text.ts";
import { addressServices, lookUp, missingText, type LookedUp, type ServiceAddress } from "./addresses.ts";
import { idMeansNothing } from "./one-service.ts";
import { runContext, type RunCommand, type RunContext, type RunEdge } from "./run-context.ts";
import { gatherFacts } from "./facts/status-facts.ts";
import { stageSettings } from "./strategy.ts";

/**
 * `./deploy status`: what runs, since when and by which deployment; tasks, targets, events, autoscaling, lock. It
 * changes nothing, and exits with 0 however the services fare; with 4 when one of several does not exist.
 *
 * @throws RefusedError when none of the services exists
 */
export async function status(command: RunCommand, edge: RunEdge): Promise<CommandResult> {
  const context = await runContext(command, edge);
  const addresses = await addressServices(command, context, edge.workingFolder);
  const { found, missing, message } = await lookUpAll(addresses, command, context);
  if (message !== undefined) {
    if (found.length === 0) throw new RefusedError(message);
    context.emit({ type: "warning", message });
  }
  const facts = await gatherFacts(found, context);
  const { where } = invocationOf(command.verb, command.options, undefined);
  const statuses = facts.map((one, index) => {
    const name = found[index]?.name ?? "";
    return assembleStatus(one, (verb, more = []) =>
      ["./deploy", verb, ...[name, ...more, ...where].map(shellWord)].join(" "),
    );
  });
  const { environment, region } = context;
  const now = edge.wallClock.now();
  return {
    exitCode: missing.length > 0 ? exitCode.refused : exitCode.completed,
    document: { command: command.verb, environment: environment.name, region, services: statuses, missing },
    text: (paint, columns) =>
      statuses.map((one) => statusText(one, { region, now, paint, columns })).join("\n"),
  };
}

/** What stands of the services that are meant, in their order, and what is to be said of the others. */
async function lookUpAll(
  addresses: readonly ServiceAddress[],
  { options: { id } }: RunCommand,
  context: RunContext,
): Promise<LookedUp & { readonly message?: string }> {
  if (id !== undefined && addresses.length > 1) {
    throw new UsageError("--id names a deployment of one service. Name that service.");
  }
  const services = addresses.map((address) => {
    return { address, settings: stageSettings(context.environment, address) };
  });
  const plain = services.flatMap(({ address, settings }) => (settings === undefined ? [address] : []));
  const [single] = plain;
  if (id !== undefined && single !== undefined) throw idMeansNothing(single);
  const [rolling, ...looked] = await Promise.all([
    lookUp(plain, context),
    ...services.map(async ({ address, settings }): Promise<LookedUp | undefined> => {
      if (settings === undefined) return undefined;
      const { lookUpStaged, lookUpStagedAmongOthers } = await import("./staged/standing.ts");
      const service = { address, settings };
      return addresses.length === 1
        ? lookUpStaged(service, id, context)
        : lookUpStagedAmongOthers(service, context);
    }),
  ]);
  const found = addresses.flatMap((address, index) => {
    const it = ({ cluster, serviceName }: ServiceAddress): boolean =>
      cluster === address.cluster && serviceName === address.serviceName;
    return looked[index]?.found ?? rolling.found.find(it) ?? [];
  });
  const notStaged = looked.flatMap((one) => one?.missing ?? []);
  const texts = [...(rolling.missing.length === 0 ? [] : [missingText(rolling.missing)]), ...notStaged];
  return {
    found,
    missing: [...rolling.missing, ...notStaged],
    ...(texts.length === 0 ? {} : { message: texts.join("\n") }),
  };
}
