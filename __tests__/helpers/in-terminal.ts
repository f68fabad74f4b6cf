import path from "node:path";

import { execa } from "execa";

import { projectRoot } from "../../scripts/project-root.ts";
import { awsVariables } from "./deploy-command.ts";
import { VirtualTerminal } from "./virtual-terminal.ts";

/** What a person saw of a run in a terminal. */
export interface Seen {
  readonly exitCode: number | undefined;
  /** What was on the screen after each picture. */
  readonly pictures: readonly string[];
  /** All that is left in the end, with what has scrolled away. */
  readonly left: string;
  readonly terminal: VirtualTerminal;
  readonly written: string;
}

export interface TerminalSettings {
  readonly endpoint: string;
  readonly speed: number;
  readonly columns: number;
  readonly rows: number;
  /** What to wait for before `keys` are typed, at most twice; a regular expression of Python's. */
  readonly pattern: string;
  readonly keys: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** Runs `./deploy` in a terminal of its own, as a person would. */
export async function deployInTerminal(
  args: readonly string[],
  image: string,
  {
    endpoint,
    speed,
    columns = 80,
    rows = 24,
    pattern = "",
    keys = "",
    variables = {},
  }: Partial<TerminalSettings> & Pick<TerminalSettings, "endpoint" | "speed">,
): Promise<Seen> {
  const runner = path.join(projectRoot(), "__tests__", "fixtures", "terminal", "in_terminal.py");
  const command = [path.join(projectRoot(), "deploy"), ...args];
  const { exitCode, stdout } = await execa(
    "python3",
    [runner, String(columns), String(rows), pattern, keys, ...command],
    {
      reject: false,
      extendEnv: false,
      stdin: "ignore",
      cwd: projectRoot(),
      env: {
        ...awsVariables(endpoint),
        SLIPWAY_CLOCK_SPEED: String(speed),
        CONTAINER_VERSION: image,
        TERM: "xterm-256color",
        ...variables,
      },
    },
  );
  const terminal = new VirtualTerminal(columns, rows);
  const pictures: string[] = [];
  for (const part of stdout.split(/(?<=\?2026l)/)) {
    terminal.write(part);
    pictures.push(terminal.screen().join("\n"));
  }
  return { exitCode, pictures, left: terminal.all().join("\n"), terminal, written: stdout };
}
