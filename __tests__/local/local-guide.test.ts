import { readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, test } from "@jest/globals";

import { projectRoot } from "../../scripts/project-root.ts";
import { parseBehaviour } from "../../scripts/local/containers/behaviour.ts";
import { parseImages } from "../../scripts/local/containers/images-file.ts";
import { help, parseCommandLine } from "../../scripts/local/cli/command-line.ts";
import { faultKinds, faultRequest } from "../../scripts/local/faults/fault.ts";
import { entryTypes } from "../../scripts/local/timeline/timeline.ts";

const read = (file: string): string => readFileSync(path.join(projectRoot(), file), "utf8");
const guide = read("docs/local.md");

/** The contents of a file's fenced blocks of a language. */
function fenced(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^ *\`\`\`${language}\\n(.*?)^ *\`\`\``, "gms"))].map(
    ([, content = ""]) => content,
  );
}

/** The code in a text's sentences and tables. */
function spans(text: string): string[] {
  const prose = text.replaceAll(/^ *```.*?^ *```/gms, "");
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, content = ""]) => content);
}

/** What is between two headings. */
function section(heading: string): string {
  return guide.split(`## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
}

/** The arguments of `./local` where a text calls it, without what a shell does around it. */
function commands(text: string): string[] {
  return [...text.matchAll(/\.\/local( [^#"`;|)\n]*)?/g)].map(([, args = ""]) => args.trim());
}

describe.each(["docs/local.md", "docs/contract-suite.md", "README.md", "CONTRIBUTING.md"])("%s", (file) => {
  const text = read(file);
  const shown = [...fenced(text, "sh").flatMap(commands), ...spans(text).flatMap(commands)];

  test.each([...new Set(shown)])("shows a command that there is: ./local %s", (line) => {
    // A word for somebody else's value may be any.
    const args = line === "" ? [] : line.split(/\s+/).map((word) => (/^<.*>$/.test(word) ? "1" : word));
    expect(parseCommandLine(args).command).toBe(args[0] ?? "help");
  });
});

describe("the guide of the local AWS", () => {
  test("tells of every option that the help has", () => {
    const options = [...help.matchAll(/--[a-z][a-z-]+/g)].map(([name]) => name);
    expect(options.length).toBeGreaterThan(15);
    const known = ["--help", "--follow"];
    const missing = [...new Set(options)].filter((name) => !known.includes(name) && !guide.includes(name));
    expect(missing).toEqual([]);
  });

  test("shows behaviours of images in words that are understood", () => {
    const rows = section("Images and what they do")
      .split("\n")
      .filter((line) => /^\| `/.test(line));
    const words = rows.flatMap((row) => {
      const [first = "", ...others] = spans(row.split(" | ")[0] ?? "");
      return [first, ...others.map((other) => (other.startsWith("=") ? `${first}${other}` : other))];
    });
    expect(words.length).toBeGreaterThan(14);
    for (const word of words) expect(Object.keys(parseBehaviour(word))).toHaveLength(1);
  });

  test("shows a file of images that is right", () => {
    const [file = ""] = fenced(guide, "jsonc");
    expect(parseImages(file, "slipway.images.jsonc")).toHaveLength(2);
  });

  test("shows every kind of fault as the admin interface takes it", () => {
    const bodies = spans(section("Faults")).filter((text) => text.startsWith("{"));
    const kinds = bodies.map((body) => faultRequest.parse(JSON.parse(body)).kind);
    expect(new Set(kinds)).toEqual(new Set(faultKinds));
  });

  test("names every type of the timeline's entries", () => {
    const types = section("The timeline").split("Types:")[1] ?? "";
    expect(spans(types).toSorted()).toEqual(entryTypes.toSorted());
  });
});
