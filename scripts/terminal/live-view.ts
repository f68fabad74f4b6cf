import type { DeploymentEvent } from "../core/events.ts";
import type { Display } from "./display.ts";
import { eventText } from "./event-line.ts";
import type { frame, Size } from "./layout.ts";
import type { Paint } from "./paint.ts";
import { logLines } from "./plain-log.ts";
import { emptyView } from "./run-view.ts";

/** A terminal that can be drawn on. */
export interface LiveTerminal {
  write(text: string): unknown;
  readonly columns?: number;
  readonly rows?: number;
}

/** What draws: loaded when there is something to draw, since it costs more than the start of a run. */
export interface Screen {
  /** Replaces what was drawn before; `above` is written over it first, and stays. */
  draw(lines: readonly string[], above: readonly string[]): void;
  /** Takes the picture away, for what others write. */
  wipe(): void;
  /** Leaves the terminal as it was found: the cursor is shown again. */
  close(keep: boolean): void;
}

interface Drawing {
  readonly screen: Screen;
  readonly frame: typeof frame;
}

/** Faster is not read, and costs a slow terminal. */
const redrawEveryMs = 100;
const tickEveryMs = 1_000;
/** Narrower terminals have no room for a column of times. */
const timeFrom = 60;

/**
 * Draws a run again and again in the same place; what matters later scrolls up above it and stays.
 *
 * @param keep whether the last picture stays at the end; not where the result follows in the same terminal
 */
export function liveView(
  terminal: LiveTerminal,
  { paint, keep, load = loadDrawing }: { paint: Paint; keep: boolean; load?: typeof loadDrawing },
): Display {
  let view = emptyView;
  let above: string[] = [];
  let drawing: Drawing | undefined;
  let loading: Promise<void> | undefined;
  let redraw: NodeJS.Timeout | undefined;
  let tick: NodeJS.Timeout | undefined;
  let drawable = true;
  let ended = false;

  const draw = (): void => {
    redraw = undefined;
    if (drawing === undefined) return;
    drawing.screen.draw(drawing.frame(view, sizeOf(terminal), Date.now(), paint), above);
    above = [];
  };
  const drawSoon = (): void => {
    // Neither timer keeps a run alive that is over.
    redraw ??= setTimeout(draw, redrawEveryMs).unref();
  };
  const start = async (): Promise<void> => {
    try {
      const loaded = await load(terminal);
      if (ended) return;
      drawing = loaded;
      tick = setInterval(drawSoon, tickEveryMs).unref();
      draw();
    } catch {
      // A picture that can't be drawn is no reason to lose the run: its lines are written as they come.
      drawable = false;
      writeAll(terminal, above.splice(0));
    }
  };

  const lineOf = (event: DeploymentEvent, text: string): readonly string[] => {
    const service = serviceOf(event);
    if (sizeOf(terminal).columns >= timeFrom)
      return logLines(view, Date.parse(event.at), service, text, paint);
    return service === undefined
      ? text.split("\n")
      : [paint.strong(service), ...text.split("\n").map((line) => `  ${line}`)];
  };

  return {
    event(event, after) {
      view = after;
      const lines = staying(event, paint);
      above.push(...lines.flatMap((text) => lineOf(event, text)));
      if (view.services.size > 0 && !ended) loading ??= start();
      if (loading === undefined || ended || !drawable) writeAll(terminal, above.splice(0));
      else drawSoon();
    },
    beside(write) {
      if (drawing === undefined || ended) {
        writeAll(terminal, above.splice(0));
        write();
      } else {
        drawing.screen.wipe();
        write();
        draw();
      }
    },
    end() {
      if (ended) return;
      ended = true;
      clearTimeout(redraw);
      clearInterval(tick);
      if (drawing === undefined) writeAll(terminal, above.splice(0));
      else {
        draw();
        drawing.screen.close(keep);
      }
    },
  };
}

async function loadDrawing(terminal: LiveTerminal): Promise<Drawing> {
  const [screen, layout] = await Promise.all([import("./screen.ts"), import("./layout.ts")]);
  return { screen: screen.createScreen(terminal), frame: layout.frame };
}

/** What is still worth reading when the picture is gone. */
function staying(event: DeploymentEvent, paint: Paint): readonly string[] {
  switch (event.type) {
    case "note":
    case "warning":
    case "lockTakenOver":
    case "resumed":
    case "explained":
    case "rollingBack":
    case "revisionsPruned":
    case "ended": {
      const text = eventText(event, paint);
      return text === undefined ? [] : [text];
    }
    case "runStarted":
    case "checked":
    case "waitingForLock":
    case "waitingForServices":
    case "revisionRegistered":
    case "revisionReused":
    case "serviceChanged":
    case "autoscalingSuspended":
    case "autoscalingResumed":
    case "autoscalingSet":
    case "autoscalingRemoved":
    case "deploymentStarted":
    case "lifecycle":
    case "trafficShifted":
    case "waitingForApproval":
    case "progress":
    case "serviceEvent":
      return [];
  }
}

function serviceOf(event: DeploymentEvent): string | undefined {
  return "service" in event ? event.service : undefined;
}

function sizeOf({ columns, rows }: LiveTerminal): Size {
  // A terminal that does not know its size says 0.
  return {
    columns: columns === undefined || columns < 1 ? 80 : columns,
    rows: rows === undefined || rows < 1 ? 24 : rows,
  };
}

function writeAll(terminal: LiveTerminal, lines: readonly string[]): void {
  if (lines.length > 0) terminal.write(`${lines.join("\n")}\n`);
}
