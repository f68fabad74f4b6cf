import { describe, expect, test } from "@jest/globals";

import { parseCommandLine } from "../../scripts/core/command-line.ts";
import { UsageError } from "../../scripts/core/errors.ts";

function run(...args: string[]): Extract<ReturnType<typeof parseCommandLine>, { kind: "run" }> {
  const command = parseCommandLine(args);
  if (command.kind !== "run") throw new Error(`expected a run, got ${command.kind}`);
  return command;
}

describe("the command line", () => {
  test("takes the contract's defaults where nothing is said", () => {
    expect(run("update")).toEqual({
      kind: "run",
      verb: "update",
      services: [],
      options: {
        environmentName: "test",
        templatesFolder: "templates",
        timeoutMs: 600_000,
        wait: true,
        dryRun: false,
        output: "text",
        events: false,
        color: true,
        quiet: false,
        verbose: false,
      },
    });
  });

  test("reads options before and after the verb, with a space or an equals sign", () => {
    const { services, options } = run("--env=prod", "create", "web", "--timeout", "90s", "api", "--no-wait");
    expect(services).toEqual(["web", "api"]);
    expect(options).toMatchObject({ environmentName: "prod", timeoutMs: 90_000, wait: false });
  });

  test("treats what follows -- as names of services", () => {
    expect(run("update", "--", "web").services).toEqual(["web"]);
  });

  test.each([
    [["updat"], 'Unknown command "updat". Did you mean update?'],
    [["deploy"], "Known: create, update."],
    [[], "No command was given. Commands: create, update."],
    [["update", "--dryrun"], "Unknown option --dryrun. Did you mean --dry-run?"],
    [["update", "-x"], "Unknown option -x."],
    [["update", "--cluster"], "--cluster needs a value: --cluster <name>."],
    [["update", "--cluster="], "--cluster needs a value"],
    [["update", "--cluster", "--dry-run"], "--cluster needs a value"],
    [["update", "--no-wait=yes"], '--no-wait takes no value, but "yes" was given.'],
    [["update", "--env", "a", "--env", "b"], "--env is given twice."],
    [["update", "web", "web"], 'Service "web" is named twice.'],
    [["update", "--timeout", "soon"], '--timeout "soon" is not a duration. Allowed: a number and s, m or h'],
    [["update", "--timeout", "0s"], "from 1s to 24h"],
    [["update", "--timeout=-5m"], "is not a duration"],
    [["update", "--output", "yaml"], '--output "yaml" is not known. Allowed: text, json.'],
    [["update", "--events", "json"], '--events "json" is not known. Allowed: ndjson.'],
    [["update", "--output=json", "--events=ndjson"], "both claim standard output"],
    [["update", "--quiet", "--verbose"], "contradict each other"],
  ])("refuses %j and says what is allowed", (args, message) => {
    expect(() => parseCommandLine(args)).toThrow(UsageError);
    expect(() => parseCommandLine(args)).toThrow(message);
    expect(() => parseCommandLine(args)).toThrow("See ./deploy --help.");
  });

  test("asks for help or the version wherever they stand", () => {
    expect(parseCommandLine(["update", "-h"])).toEqual({ kind: "help" });
    expect(parseCommandLine(["--version"])).toEqual({ kind: "version" });
  });

  test("does not take a word of Object's own for a verb or an option", () => {
    expect(() => parseCommandLine(["constructor"])).toThrow('Unknown command "constructor"');
    expect(() => parseCommandLine(["update", "--toString"])).toThrow("Unknown option --toString");
  });
});
