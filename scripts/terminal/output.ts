import { InvalidInputError } from "../core/errors.ts";
import type { DeploymentEvent } from "../core/events.ts";
import { actionsDisplay } from "./actions-display.ts";
import { cleanDeep, cleanPainted } from "./clean-text.ts";
import type { CommandResult, ResultPart } from "./command-result.ts";
import type { Display, Write } from "./display.ts";
import type { DisplayMode } from "./display-mode.ts";
import { errorDocument, errorText } from "./error-text.ts";
import { jsonText, resultLine } from "./json-text.ts";
import { liveView } from "./live-view.ts";
import type { Paint } from "./paint.ts";
import { plainDisplay } from "./plain-display.ts";
import { problemsDisplay } from "./problems-display.ts";
import { emptyView, withEvent, type RunView } from "./run-view.ts";
import { defused, errorAnnotations } from "./workflow-commands.ts";

export interface OutputSettings {
  readonly result: "text" | "json" | "ndjson";
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** How progress is shown; problems alone with `quiet`, and lines otherwise, where it is left out. */
  readonly progress?: DisplayMode;
  /** In GitHub Actions: where the step's summary goes. */
  readonly actions?: { readonly summaryFile?: string | undefined } | undefined;
}

/** One of the two streams of a run. */
interface Stream {
  write(text: string): unknown;
  on?(event: "error", listener: (error: Error) => void): unknown;
  readonly columns?: number;
  readonly rows?: number;
  readonly isTTY?: boolean;
}

export interface Streams {
  readonly stdout: Stream;
  readonly stderr: Stream;
}

/** All that a run prints goes through here: the result to standard output, progress and problems to standard error. */
export interface Output {
  event(event: DeploymentEvent): void;
  /** A line for `--verbose` alone. */
  detail(text: string): void;
  /** A piece of the result as soon as it is there; `--output json` has it in its one document instead. */
  part(part: ResultPart): void;
  /** Ends the progress and prints the result. */
  result(result: CommandResult): Promise<void>;
  /** Ends the progress and prints what the run stopped on. */
  error(error: unknown): void;
}

/** The output as the edge of a run holds it, which also handles Ctrl-C. */
export interface RunOutput extends Output {
  /** The run as its events tell it so far. */
  view(): RunView;
}

/** Where nobody says how wide the output may be: long lines are left to the reader's own wrapping. */
const widthWithoutTerminal = 120;

/** The output of one run, in the form that its options ask for. */
export function createOutput(
  { stdout, stderr }: Streams,
  settings: OutputSettings,
  paint: { readonly stdout: Paint; readonly stderr: Paint },
): RunOutput {
  const { result: form, verbose, actions } = settings;
  const toOut = writerTo(stdout, actions !== undefined);
  const toErr = writerTo(stderr, actions !== undefined);
  // Workflow commands are the one thing that the runner is meant to obey.
  const toRunner = rawWriterTo(stderr);
  const progress = progressDisplay(settings, stderr, toErr, paint.stderr, stdout.isTTY === true);
  const annotations =
    actions === undefined
      ? undefined
      : actionsDisplay(toRunner, { summaryFile: actions.summaryFile, groups: !settings.quiet });
  let view = emptyView;

  const end = (): void => {
    progress.end();
    annotations?.end();
  };
  const inTheClear = (write: () => void): void => {
    if (progress.beside !== undefined && stdout.isTTY === true) progress.beside(write);
    else write();
  };
  return {
    event(event) {
      if (form === "ndjson") toOut(jsonText(event));
      const clean = cleanDeep(event);
      view = withEvent(view, clean);
      // As an annotation it stands in the log already.
      if (annotations === undefined || event.type !== "warning") progress.event(clean, view);
      annotations?.event(clean, view);
    },
    detail(text) {
      if (verbose) toErr(`${paint.stderr.faint(text)}\n`);
    },
    part({ document, text }) {
      if (form === "ndjson") toOut(jsonText(document));
      if (form === "text") inTheClear(() => toOut(`${text(paint.stdout)}\n`));
    },
    async result({ document, text, exitCode, prose }) {
      end();
      if (form === "json") toOut(jsonText(document, 2));
      if (form === "ndjson") toOut(resultLine(now(), exitCode, document));
      if (form !== "text") return;
      const whole = text(paint.stdout, stdout.columns ?? widthWithoutTerminal);
      toOut(prose === true ? await wrapped(whole, stdout) : whole);
    },
    error(error) {
      end();
      if (form === "json") toOut(jsonText({ error: errorDocument(error) }, 2));
      if (form === "ndjson") toOut(jsonText({ at: now(), type: "error", ...errorDocument(error) }));
      toErr(`${paint.stderr.bad("error:")} ${errorText(error, verbose)}\n`);
      if (annotations === undefined) return;
      const problems = error instanceof InvalidInputError ? error.problems : [];
      toRunner(errorAnnotations(errorText(error, false), problems));
    },
    view: () => view,
  };
}

function now(): string {
  return new Date().toISOString();
}

function progressDisplay(
  { quiet, progress = quiet ? "problems" : "lines" }: OutputSettings,
  stderr: Stream,
  write: Write,
  paint: Paint,
  resultFollows: boolean,
): Display {
  switch (progress) {
    case "live":
      return liveView(stderr, { paint, keep: !resultFollows });
    case "lines":
      return plainDisplay(write, paint);
    case "problems":
      return problemsDisplay(write, paint);
  }
}

/** A reader that went away, as `head` does, is no reason to leave a rollout alone. */
function rawWriterTo(stream: Stream): Write {
  stream.on?.("error", () => undefined);
  return (text) => {
    if (text !== "") stream.write(text);
  };
}

/** The one door to a stream: what a terminal or the runner of GitHub Actions would obey does not pass it. */
function writerTo(stream: Stream, forRunner: boolean): Write {
  const write = rawWriterTo(stream);
  return (text) => {
    const safe = stream.isTTY === true ? cleanPainted(text) : text;
    write(forRunner ? defused(safe) : safe);
  };
}

async function wrapped(text: string, { isTTY, columns }: Stream): Promise<string> {
  if (isTTY !== true || columns === undefined || columns < 1) return text;
  const { wrapProse } = await import("./wrap-prose.ts");
  return wrapProse(text, columns);
}
