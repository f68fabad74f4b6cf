import { expect } from "@jest/globals";
import { execa } from "execa";
import path from "node:path";
import { projectRoot } from "../../scripts/project-root.ts";
import { prepareTerraform } from "../../scripts/terraform/prepare.ts";
import { awsVariables } from "./deploy-command.ts";

/** A finished run of cdktf. */
export interface CdktfRun {
  readonly exitCode: number | undefined;
  /** Standard output and error as they came, without colours. */
  readonly output: string;
}

/** Where a run finds AWS and keeps what it writes. */
export interface CdktfSettings {
  readonly endpoint: string;
  /** Holds the state and the synthesized stacks, so that runs do not share the working tree's. */
  readonly directory: string;
  /** An environments file other than the project's own. */
  readonly environments?: string;
  /** The command of an app other than the project's own. */
  readonly app?: string;
  /** Leaves the state where the stacks say; otherwise it is kept in `directory`. */
  readonly stateAsWritten?: boolean;
  readonly flags?: readonly string[];
  /** All of them unless told otherwise. */
  readonly stacks?: readonly string[];
}

/** Terraform runs ten providers at a time: tests beside it that depend on AWS's time go first. */
const behind = ["-n", "10"];

/** Runs the real cdktf and the real Terraform on the project's stacks. */
export async function cdktf(verb: "deploy" | "destroy", settings: CdktfSettings): Promise<CdktfRun> {
  const root = projectRoot();
  const { variables } = await prepareTerraform({ root, environment: process.env });
  const binary = path.join(root, "node_modules/.bin/cdktf");
  const { endpoint, directory, environments, flags = [], stacks = ["*"] } = settings;
  const command = settings.app ?? (environments === undefined ? undefined : `${fixtureApp} ${environments}`);
  const app = command === undefined ? [] : ["--app", command];
  const always = ["--auto-approve", "--skip-provider-lock"];
  const result = await execa("nice", [...behind, binary, verb, ...always, ...app, ...flags, ...stacks], {
    cwd: root,
    env: {
      ...awsVariables(endpoint),
      ...variables,
      PATH: process.env["PATH"] ?? "",
      CI: "1",
      NO_COLOR: "1",
      ...(settings.stateAsWritten === true ? {} : { SLIPWAY_STATE_DIR: directory }),
      CDKTF_OUTPUT: path.join(directory, "cdktf.out"),
    },
    extendEnv: false,
    stdin: "ignore",
    reject: false,
    all: true,
  });
  return { exitCode: result.exitCode, output: withoutColours(result.all) };
}

/** Runs `npm run plan` as a subprocess, on what `cdktf` has applied with the same settings; standard output alone. */
export async function plan(
  args: readonly string[],
  { endpoint, directory, environments }: CdktfSettings,
): Promise<CdktfRun> {
  const app = environments === undefined ? [] : ["--app", `${fixtureApp} ${environments}`];
  const result = await execa(
    "nice",
    [...behind, "node", "--import", "tsx", "scripts/plan.ts", ...args, ...app],
    {
      cwd: projectRoot(),
      env: {
        ...awsVariables(endpoint),
        PATH: process.env["PATH"] ?? "",
        NO_COLOR: "1",
        SLIPWAY_STATE_DIR: directory,
      },
      extendEnv: false,
      stdin: "ignore",
      reject: false,
    },
  );
  return { exitCode: result.exitCode, output: result.stdout };
}

const fixtureApp = "node --import tsx __tests__/helpers/fixture-app.ts";

function withoutColours(text: string): string {
  const escape = String.fromCharCode(27);
  return text.replaceAll(new RegExp(`${escape}\\[[0-9;]*m`, "g"), "");
}

/** Fails with the end of what the run printed. */
export function expectSuccess({ exitCode, output }: CdktfRun): void {
  expect({ exitCode, end: exitCode === 0 ? "" : output.slice(-3000) }).toEqual({ exitCode: 0, end: "" });
}
