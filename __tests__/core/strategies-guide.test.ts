import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, test } from "@jest/globals";
import { parse as parseJsonc } from "jsonc-parser";

import { parseCommandLine } from "../../scripts/core/command-line/parse.ts";
import { parseEnvironments } from "../../scripts/core/environments.ts";
import { projectRoot } from "../../scripts/project-root.ts";

const read = (file: string) => readFileSync(path.join(projectRoot(), file), "utf8");
const fenced = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(([, block = ""]) => block);

const parsed = parseEnvironments(read("examples/hello/environments.jsonc"));

test("the example's environments are right", () => {
  expect(parsed.ok ? [] : parsed.problems).toEqual([]);
  expect(parsed.ok ? [...parsed.environments.keys()] : []).toEqual([
    "rolling",
    "stage",
    "codedeploy",
    "native",
  ]);
});

describe.each(["docs/strategies.md", "docs/deploy.md", "README.md", "examples/hello/README.md"])(
  "%s",
  (file) => {
    const text = read(file);

    test("shows commands of ./deploy that it takes", () => {
      const commands = fenced(text, "sh")
        .flatMap((block) => block.replaceAll(/\\\n\s*/g, "").split("\n"))
        .flatMap((line) => {
          // Without what a shell does around it, and without what is another program's.
          const args = /(?:^|\s)\.\/deploy ([^#;|)<>]*)/.exec(line)?.[1];
          return args === undefined || args.startsWith("-c ") ? [] : [args.trim()];
        });
      for (const args of commands) {
        const words = [...args.matchAll(/'([^']*)'|(\S+)/g)].map(
          ([, quoted, plain]) => quoted ?? plain ?? "",
        );
        expect(() => parseCommandLine(words)).not.toThrow();
      }
    });

    test("has no link to a file that is not there", () => {
      const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link = ""]) => link);
      const missing = links.filter((link) => !existsSync(path.join(projectRoot(), path.dirname(file), link)));
      expect(missing).toEqual([]);
    });
  },
);

test("docs/strategies.md shows settings that the example's environments have", () => {
  const excerpts = fenced(read("docs/strategies.md"), "jsonc");
  expect(excerpts).toHaveLength(3);
  for (const excerpt of excerpts) {
    const { services } = parseJsonc(`{${excerpt}}`) as { services: { hello: { blueGreen: { by: string } } } };
    const written = parseJsonc(read("examples/hello/environments.jsonc")) as {
      environments: Record<string, { services: { hello: { blueGreen?: { by: string } } } }>;
    };
    const same = Object.values(written.environments).find(
      (environment) => environment.services.hello.blueGreen?.by === services.hello.blueGreen.by,
    );
    expect(same?.services.hello).toMatchObject(services.hello);
  }
});
