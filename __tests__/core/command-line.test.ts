import { describe, expect, test } from "@jest/globals";

import { helpText } from "../../scripts/core/command-line/help-text.ts";
import { parseCommandLine } from "../../scripts/core/command-line/parse.ts";
import { verbTable, type Verb, type VerbEntry } from "../../scripts/core/command-line/verbs.ts";
import { UsageError } from "../../scripts/core/errors.ts";

function run(...args: string[]): Extract<ReturnType<typeof parseCommandLine>, { kind: "run" }> {
  const command = parseCommandLine(args);
  if (command.kind !== "run") throw new Error(`expected a run, got ${command.kind}`);
  return command;
}

const verbs = Object.entries<VerbEntry>(verbTable) as [Verb, VerbEntry][];

describe("the command line", () => {
  test("takes the contract's defaults where nothing is said", () => {
    expect(run("update")).toEqual({
      kind: "run",
      verb: "update",
      services: [],
      command: [],
      options: {
        environmentName: "test",
        templatesFolder: "templates",
        timeoutMs: 600_000,
        output: "text",
        events: false,
        color: true,
        quiet: false,
        verbose: false,
        all: false,
        wait: true,
        dryRun: false,
        force: false,
        waitForLock: false,
        rollback: true,
        onFailure: "rollback",
        suspendAutoscaling: false,
        exitCode: false,
        setEnv: [],
        follow: false,
        sinceMs: 600_000,
        bakeMs: 300_000,
        everyMs: 60_000,
        alarms: [],
        allRetired: false,
        waitUntil: "stable",
      },
    });
  });

  test("reads options before and after the verb, with a space or an equals sign", () => {
    const { services, options } = run("--env=prod", "create", "web", "--timeout", "90s", "api", "--no-wait");
    expect(services).toEqual(["web", "api"]);
    expect(options).toMatchObject({ environmentName: "prod", timeoutMs: 90_000, wait: false });
  });

  test("treats what follows -- as names of services, and for run and exec as the container's command", () => {
    expect(run("update", "--", "web").services).toEqual(["web"]);
    expect(run("run", "web", "--", "ls", "-l", "--", "--help")).toMatchObject({
      services: ["web"],
      command: ["ls", "-l", "--", "--help"],
    });
  });

  test("keeps every equals sign of a variable's value, and takes several variables", () => {
    expect(run("run", "web", "--set-env", "A=1=2", "--set-env=B=").options.setEnv).toEqual([
      ["A", "1=2"],
      ["B", ""],
    ]);
  });

  test("looks as far back for logs as 30 days", () => {
    expect(run("logs", "--since", "30d").options.sinceMs).toBe(30 * 24 * 3_600_000);
  });

  test.each([
    [["updat"], 'Unknown command "updat". Did you mean update? See ./deploy --help.'],
    [["deploy"], 'Unknown command "deploy". Commands: create, update, rollback,'],
    [["updat", "--help"], 'Unknown command "updat". Did you mean update?'],
    [["help", "updat"], 'Unknown command "updat". Did you mean update?'],
    [[], "No command was given. Commands: create, update, rollback,"],
    [["update", "--dryrun"], "Unknown option --dryrun. Did you mean --dry-run? See ./deploy update --help."],
    [["--dryrun"], "Unknown option --dryrun. Did you mean --dry-run? See ./deploy --help."],
    [["update", "-x"], "Unknown option -x. ./deploy update takes --all, --no-wait, --dry-run,"],
    [["update", "--frobnicate"], "Unknown option --frobnicate. ./deploy update takes --all,"],
    [
      ["update", "-i", "nginx"],
      "-i is an option of ecs-deploy's form, ./deploy -c <cluster> -n <service> -i <image>",
    ],
    [["update", "--image", "nginx"], "--image is an option of ecs-deploy's form"],
    [
      ["status", "--keep-revisions", "3"],
      "./deploy status has no option --keep-revisions; it belongs to create, update, revisions.",
    ],
    [["update", "--to", "3"], "./deploy update has no option --to; it belongs to rollback."],
    [["update", "--cluster"], "--cluster needs a value: --cluster <name>."],
    [["update", "--cluster="], "--cluster needs a value"],
    [["update", "--cluster", "--dry-run"], "--cluster needs a value"],
    [
      ["update", "--cluster", "my cluster"],
      '--cluster "my cluster" cannot be one. Allowed: a cluster\'s name',
    ],
    [
      ["update", "--region", "us_east"],
      '--region "us_east" cannot be one. Allowed: a Region\'s name, as in eu-central-1.',
    ],
    [["update", "--no-wait=yes"], '--no-wait takes no value, but "yes" was given.'],
    [["update", "--env", "a", "--env", "b"], "--env is given twice."],
    [["update", "--quiet", "--quiet"], "--quiet is given twice."],
    [["update", "web", "web"], 'Service "web" is named twice.'],
    [["update", ""], '"" is not the name of a service.'],
    [
      ["init", "../../etc"],
      '"../../etc" is not the name of a service. Allowed: its name alone, without a path.',
    ],
    [["update", "--all", "web"], "--all means every service, but web is named"],
    [["rollback", "web", "api", "--to", "41"], '--to "41" is a revision of one service'],
    [["rollback", "--all", "--to", "41"], '--to "41" is a revision of one service'],
    [["logs", "web", "api"], "./deploy logs takes one service, not 2."],
    [["run", "web", "ls"], "./deploy run takes one service, not 2. A command for the container follows --."],
    [["scale", "web"], "./deploy scale needs --count."],
    [
      ["scale", "web", "--count", "many"],
      '--count "many" is not a number. Allowed: a whole number from 0 to 5000.',
    ],
    [["scale", "web", "--count=-1"], '--count "-1" is not a number.'],
    [["update", "--keep-revisions", "0"], "Allowed: a whole number from 1 to 1000000."],
    [
      ["run", "--set-env", "NAME"],
      "--set-env is not an assignment: a name and = are missing. Allowed: NAME=value.",
    ],
    [
      ["run", "--cpu", "lots"],
      '--cpu "lots" cannot be one. Allowed: CPU units, as in 256, or as in 0.25 vCPU.',
    ],
    [["run", "--memory", "2 TB"], '--memory "2 TB" cannot be one. Allowed: MiB, as in 512, or as in 2 GB.'],
    [["update", "--timeout", "soon"], '--timeout "soon" is not a duration. Allowed: a number and s, m or h'],
    [["update", "--timeout", "0s"], "from 1s to 24h"],
    [["update", "--timeout", "25h"], "from 1s to 24h"],
    [["update", "--timeout=-5m"], "is not a duration"],
    [["logs", "--since", "31d"], "from 1s to 30d"],
    [["update", "--output", "yaml"], '--output "yaml" is not known. Allowed: text, json.'],
    [["update", "--events", "json"], '--events "json" is not known. Allowed: ndjson.'],
    [
      ["update", "--on-failure", "panic"],
      '--on-failure "panic" is not known. Allowed: rollback, rollback-all.',
    ],
    [["update", "--output=json", "--events=ndjson"], "both claim standard output"],
    [["update", "--quiet", "--verbose"], "--quiet and --verbose contradict each other."],
    [["update", "--rollback", "--no-rollback"], "contradict each other"],
    [["update", "--no-wait", "--on-failure", "rollback-all"], "A run that does not wait sees no failure"],
    [["update", "--no-wait", "--suspend-autoscaling"], "the run has to wait; choose one of the two."],
    [["completion"], "./deploy completion takes one shell: bash, zsh, fish."],
    [["completion", "tcsh"], 'shell "tcsh" is not known. Allowed: bash, zsh, fish.'],
    [["completion", "bash", "zsh"], "./deploy completion takes one shell"],
  ])("refuses %j and says what is allowed", (args, message) => {
    expect(() => parseCommandLine(args)).toThrow(UsageError);
    expect(() => parseCommandLine(args)).toThrow(message);
    expect(() => parseCommandLine(args)).toThrow(/ See \.\/deploy ([a-z]+ )?--help\.$/);
  });

  test("never repeats a variable's value, which may be a secret", () => {
    expect(() => parseCommandLine(["run", "--set-env", "hunter2"])).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining("hunter2") }),
    );
  });

  test("asks for help or the version wherever they stand", () => {
    expect(parseCommandLine(["update", "-h"])).toEqual({ kind: "help", topic: "update" });
    expect(parseCommandLine(["help", "update"])).toEqual({ kind: "help", topic: "update" });
    expect(parseCommandLine(["--help", "ecs-deploy"])).toEqual({ kind: "help", topic: "ecs-deploy" });
    expect(parseCommandLine(["--help"])).toEqual({ kind: "help" });
    expect(parseCommandLine(["--version"])).toEqual({ kind: "version" });
  });

  test("does not take a word of Object's own for a verb or an option", () => {
    expect(() => parseCommandLine(["constructor"])).toThrow('Unknown command "constructor"');
    expect(() => parseCommandLine(["update", "--toString"])).toThrow("Unknown option --toString");
    expect(() => parseCommandLine(["update", "--__proto__", "x"])).toThrow("Unknown option --__proto__");
  });
});

describe("--help", () => {
  test.each(verbs)("of %s names every option that it takes, and its examples can be read", (verb, entry) => {
    const text = helpText(verb);
    for (const option of entry.options) expect(text).toContain(`--${option}`);
    expect(entry.examples).not.toEqual([]);
    for (const example of entry.examples) {
      expect(text).toContain(example);
      const [, words = ""] = /\.\/deploy ([^">)]*)/.exec(example) ?? [];
      expect(parseCommandLine(words.trim().split(/\s+/))).toMatchObject({ kind: "run", verb });
    }
  });

  test("puts a command's own words last, where no option can be among them", () => {
    expect(helpText("run")).toContain("  ./deploy run [service] [options] [-- command...]\n");
  });

  test("names every verb and every exit code, and no line is wider than 100 characters", () => {
    const text = helpText();
    for (const [verb, { help }] of verbs) {
      expect(text).toContain(`  ${verb} `);
      expect(text.replaceAll(/\s+/g, " ")).toContain(help.replaceAll(/\s+/g, " "));
    }
    for (const code of [0, 1, 2, 3, 4, 5, 130]) expect(text).toMatch(new RegExp(`^  ${code} `, "m"));
    for (const topic of [undefined, "ecs-deploy", ...verbs.map(([verb]) => verb)] as const) {
      for (const line of helpText(topic).split("\n")) expect(line.length).toBeLessThanOrEqual(100);
    }
  });
});
