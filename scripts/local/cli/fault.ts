import { faultKinds, type Fault } from "../faults/fault.ts";
import { askAdmin } from "./admin.ts";
import { numberOption, UsageError, type CommandLine, type FaultOptions } from "./command-line.ts";
import type { Output } from "./output.ts";

const usage = `It is ./local fault add <kind>, ./local fault list or ./local fault clear [<id>]; kinds: ${faultKinds.join(", ")}.`;

/** `./local fault`: adds a fault, lists those in force, or ends them. */
export async function fault(commandLine: CommandLine, output: Output): Promise<void> {
  const { words, port, output: form } = commandLine;
  const [action = "list", argument, ...more] = words;
  const say = (content: unknown, sentence: string) => {
    output.result(form === "json" ? JSON.stringify(content) : sentence);
  };
  if (more.length > 0) throw misunderstood(words);
  const [narrowing] = Object.keys(commandLine.fault);
  if (action !== "add" && narrowing !== undefined) {
    throw new UsageError(`--${narrowing} is no option of ./local fault ${action}.`);
  }
  if (action === "add" && argument !== undefined) {
    const kind = kindOf(argument);
    refuseContradictions(kind, commandLine.fault);
    const asked = { kind, ...narrowed(commandLine.fault) };
    const { fault: added } = (await askAdmin(port, "POST", "faults", asked)) as { fault: Fault };
    say(added, `Fault ${added.id}: ${describe(added)}`);
  } else if (action === "list" && argument === undefined) {
    const { faults } = (await askAdmin(port, "GET", "faults")) as { faults: readonly Fault[] };
    say(faults, faults.length === 0 ? "No fault is in force." : faults.map(line).join("\n"));
  } else if (action === "clear") {
    const id = argument === undefined ? "" : `?id=${numberOption("The id", argument, 1, 1e9, true)}`;
    const { removed } = (await askAdmin(port, "DELETE", `faults${id}`)) as { removed: number };
    say({ removed }, `${removed} ${removed === 1 ? "fault" : "faults"} ended.`);
  } else throw misunderstood(words);
}

function misunderstood(words: readonly string[]): UsageError {
  return new UsageError(`"./local fault ${words.join(" ")}" is not understood. ${usage}`);
}

function kindOf(text: string): string {
  const kind = faultKinds.find((known) => known === text);
  if (kind) return kind;
  throw new UsageError(`"${text}" is no kind of fault. ${usage}`);
}

/** What the admin interface would refuse as well, in the words of the command line. */
function refuseContradictions(
  kind: string,
  { calls, every, share, seed, delay, message }: FaultOptions,
): void {
  const ways = Object.entries({ calls, every, share }).filter(([, value]) => value !== undefined);
  const wrong = [
    ways.length > 1 && `${ways.map(([name]) => `--${name}`).join(" and ")} exclude each other.`,
    kind === "delay" && delay === undefined && "Kind delay needs --delay <ms>.",
    kind !== "delay" && delay !== undefined && "--delay goes with kind delay.",
    message !== undefined &&
      kind !== "throttle" &&
      kind !== "error" &&
      "--message goes with kinds throttle and error.",
    seed !== undefined && share === undefined && "--seed goes with --share.",
  ].find((part) => typeof part === "string");
  if (wrong !== undefined) throw new UsageError(wrong);
}

function narrowed({
  calls,
  every,
  share,
  seed,
  times,
  delay,
  ...names
}: FaultOptions): Record<string, unknown> {
  const whole = (name: string, text: string | undefined, most = 1e9) =>
    text === undefined ? undefined : numberOption(`--${name}`, text, name === "seed" ? 0 : 1, most, true);
  return {
    ...names,
    calls: calls?.split(",").map((text) => numberOption("--calls", text, 1, 1e9, true)),
    every: whole("every", every),
    share: share === undefined ? undefined : numberOption("--share", share, 0.000001, 1, false),
    seed: whole("seed", seed),
    times: whole("times", times),
    delayMs: whole("delay", delay, 600_000),
  };
}

function line(one: Fault): string {
  return `${one.id}  ${describe(one)}; ${one.applied} of ${one.matched} calls so far`;
}

function describe({ kind, service, operation, calls, every, share, times, delayMs }: Fault): string {
  const what = [service, operation].filter((part) => part !== undefined).join(" ") || "any call";
  const which = [
    calls && `call ${calls.join(", ")}`,
    every !== undefined && `every ${every} calls`,
    share !== undefined && `${Number((share * 100).toPrecision(6))} % of calls`,
    times !== undefined && `at most ${times === 1 ? "once" : `${times} times`}`,
  ].filter((part) => typeof part === "string");
  const long = delayMs === undefined ? "" : ` ${delayMs} ms`;
  return `${kind}${long} for ${[what, ...which].join(", ")}`;
}
