import { cleanText } from "./clean-text.ts";
import type { ResultPart } from "./command-result.ts";

/** A line of a container's log, as `./deploy logs` and `./deploy run` print it. */
export interface ContainerLine {
  readonly at: number;
  readonly container: string;
  /** The task's id. */
  readonly task: string;
  readonly message: string;
}

/** As it stands in a document. */
export function lineDocument({ at, container, task, message }: ContainerLine): {
  readonly at: string;
  readonly container: string;
  readonly task: string;
  readonly message: string;
} {
  return { at: new Date(at).toISOString(), container, task, message };
}

const shownOfTask = 8;

/** The time, the container and the beginning of the task's id; lines that go on are set in by two. */
export function linePart(line: ContainerLine): ResultPart {
  const { at, container, task, message } = line;
  return {
    document: { type: "logLine", ...lineDocument(line) },
    text: (paint) => {
      const [first = "", ...more] = withoutEnd(cleanText(message)).split("\n");
      const origin = `${new Date(at).toISOString()} ${container}/${task.slice(0, shownOfTask)}`;
      return [`${paint.faint(origin)} ${first}`, ...more.map((rest) => `  ${rest}`)].join("\n");
    },
  };
}

/** The line alone, for a log that has one source and may be piped on. */
export function plainLinePart(line: ContainerLine): ResultPart {
  return {
    document: { type: "logLine", ...lineDocument(line) },
    text: () => withoutEnd(cleanText(line.message)),
  };
}

function withoutEnd(message: string): string {
  return message.replace(/\n+$/, "");
}
