import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { execa } from "execa";

import { verbTable } from "../../scripts/core/command-line/verbs.ts";
import { projectRoot } from "../../scripts/project-root.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "slipway-completion-"));
  for (const shell of ["bash", "zsh", "fish"]) {
    const { stdout } = await execa(path.join(projectRoot(), "deploy"), ["completion", shell]);
    await writeFile(path.join(folder, `script.${shell}`), stdout);
  }
  const files = [
    ...[
      "templates/web/task-definition.json",
      "templates/web/service.json",
      "templates/api/service-create.jsonc",
    ],
    ...["templates/notes/readme.md", "templates/top.json"],
    ...["old ones/td-shop.template", "old ones/service-create-shop.json", "old ones/td-cart.json"],
  ];
  for (const file of files) {
    await mkdir(path.join(folder, path.dirname(file)), { recursive: true });
    await writeFile(path.join(folder, file), "{}");
  }
}, 120_000);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** What bash offers for the last of these words, as Bash itself splits a line into words. */
async function bashOffers(...words: readonly string[]): Promise<readonly string[]> {
  const script = `
    source script.bash
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    handler=$(complete -p deploy | sed 's/.* -F \\([^ ]*\\) .*/\\1/')
    "$handler" "$1" "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD - 1]}"
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await execa("bash", ["--norc", "-uec", script, "bash", ...words], { cwd: folder });
  return stdout.split("\n").filter((line) => line !== "");
}

const verbs = Object.keys(verbTable);

describe("bash completes", () => {
  test.each<[readonly string[], readonly string[]]>([
    [["./deploy", ""], verbs],
    [["deploy", "up"], ["update"]],
    [
      ["./deploy", "update", ""],
      ["api", "web"],
    ],
    [["./deploy", "update", "w"], ["web"]],
    [["./deploy", "update", "web", ""], ["api"]],
    [["./deploy", "logs", "web", ""], []],
    [
      ["./deploy", "update", "--templates", "old ones", ""],
      ["cart", "shop"],
    ],
    [["./deploy", "--templates", "=", "old ones", "update", "s"], ["shop"]],
    [["./deploy", "update", "--templates", "old"], ["old ones"]],
    [["./deploy", "update", "--templates", "nowhere", ""], []],
    [["./deploy", "update", "--wait-f"], ["--wait-for-lock"]],
    [["./deploy", "logs", "--fo"], ["--follow"]],
    [["./deploy", "update", "--fo"], ["--force"]],
    [["./deploy", "update", "--dry-run", "--dry"], []],
    [["./deploy", "run", "--set-env", "A=1", "--set"], ["--set-env"]],
    [["./deploy", "--en"], ["--env"]],
    [
      ["./deploy", "update", "--output", ""],
      ["text", "json"],
    ],
    [
      ["./deploy", "update", "--output", "="],
      ["text", "json"],
    ],
    [["./deploy", "update", "--output", "=", "j"], ["json"]],
    [["./deploy", "update", "--env", "t"], ["test"]],
    [
      ["./deploy", "--env", "test", "sta"],
      ["stage", "status"],
    ],
    [["./deploy", "delete", "--confirm", "we"], ["web"]],
    [["./deploy", "rollback", "--to", "web", ":", "41", "a"], ["api"]],
    [
      ["./deploy", "completion", ""],
      ["bash", "zsh", "fish"],
    ],
    [["./deploy", "run", "web", "--", ""], []],
    [["./deploy", "nonsense", ""], []],
  ])("%j with %j", async (words, offered) => {
    expect([...(await bashOffers(...words))].sort()).toEqual([...offered].sort());
  });

  test("for deploy and for ./deploy", async () => {
    const { stdout } = await execa(
      "bash",
      ["--norc", "-c", "source script.bash; complete -p deploy ./deploy"],
      {
        cwd: folder,
      },
    );
    expect(stdout.split("\n")).toHaveLength(2);
  });

  test("as bash itself does on a line, where the last word is not begun", async () => {
    // `compgen -F` calls the function as a press of the tab key does.
    const script =
      "source script.bash; COMP_WORDS=(./deploy stat); COMP_CWORD=1; compgen -F _slipway_deploy stat 2>/dev/null";
    const { stdout } = await execa("bash", ["--norc", "-c", script], { cwd: folder });
    expect(stdout).toBe("status");
  });
});

async function isInstalled(program: string): Promise<boolean> {
  return (await execa(program, ["--version"], { reject: false, stdin: "ignore" })).exitCode === 0;
}

const programs = { zsh: "zsh", fish: "fish" } as const;
const [zsh, fish] = await Promise.all([isInstalled(programs.zsh), isInstalled(programs.fish)]);

(fish ? describe : describe.skip)("fish, where it is installed, completes", () => {
  test.each([
    ["./deploy up", ["update"]],
    ["./deploy update ", ["api", "web"]],
    ["./deploy update web ", ["api"]],
    ["./deploy update --output ", ["json", "text"]],
    ["./deploy update --templates 'old ones' ", ["cart", "shop"]],
    ["./deploy completion ", ["bash", "fish", "zsh"]],
  ])("%j with %j", async (line, offered) => {
    const ask = "source script.fish; complete -C $argv[1] | string replace -r '\\t.*' ''; true";
    const { stdout } = await execa(programs.fish, ["--no-config", "-c", ask, line], { cwd: folder });
    expect(stdout.split("\n").sort()).toEqual(offered);
  });
});

/** What zsh's completion system would be told: its functions are for its line editor alone, so these stand in. */
const zshAsk = `
  compdef() { :; }
  compset() { local word=$words[CURRENT]; words[CURRENT]=\${word#*=}; }
  _files() { print -l folders; }
  compadd() { shift; print -l -- $@; }
  _describe() { print -l -- \${\${(P)@[-1]}%%:*}; }
  source script.zsh
  words=( "$@" ); CURRENT=$#; _slipway_deploy`;

(zsh ? describe : describe.skip)("zsh, where it is installed, completes", () => {
  test.each<[readonly string[], readonly string[]]>([
    [["./deploy", ""], [...verbs].sort()],
    [
      ["./deploy", "update", ""],
      ["api", "web"],
    ],
    [["./deploy", "update", "web", ""], ["api"]],
    [["./deploy", "update", "--output=", ""].slice(0, 3), ["json", "text"]],
    [
      ["./deploy", "update", "--templates", "old ones", ""],
      ["cart", "shop"],
    ],
    [
      ["./deploy", "completion", ""],
      ["bash", "fish", "zsh"],
    ],
  ])("%j with %j", async (words, offered) => {
    const { stdout } = await execa(programs.zsh, ["-f", "-c", zshAsk, "zsh", ...words], { cwd: folder });
    expect(
      stdout
        .split("\n")
        .filter((line) => line !== "")
        .sort(),
    ).toEqual(offered);
  });
});

test("the scripts of zsh and fish name every command and every option", async () => {
  const { readFile } = await import("node:fs/promises");
  for (const shell of ["zsh", "fish"]) {
    const script = await readFile(path.join(folder, `script.${shell}`), "utf8");
    for (const [verb, { options }] of Object.entries(verbTable)) {
      expect(script).toContain(verb);
      for (const option of options) expect(script).toMatch(new RegExp(`(--|-l )${option}\\b`));
    }
    expect(script).toContain("test");
  }
});
