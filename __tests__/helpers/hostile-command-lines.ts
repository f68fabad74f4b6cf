/** Command lines that nobody would write, of both forms. */
import fc from "fast-check";

import { optionTable, type OptionEntry } from "../../scripts/core/command-line/options.ts";
import { verbTable, type Verb, type VerbEntry } from "../../scripts/core/command-line/verbs.ts";
import { compatTokens } from "../../scripts/core/compat/options.ts";
import { hostileText } from "./hostile-text.ts";

const verbs = Object.entries<VerbEntry>(verbTable) as [Verb, VerbEntry][];
const options = Object.entries<OptionEntry>(optionTable);
const ownTokens = options.map(([name]) => `--${name}`);

const anyValue = fc.oneof(
  hostileText,
  fc.constantFrom("web", "test", "10m", "json", "ndjson", "0", "-1", "us-east-1", "--", "-", "="),
);

/** Any words, options and values in any order. */
export const anyCommandLine = fc.array(
  fc.oneof(
    fc.constantFrom(...verbs.map(([verb]) => verb)),
    fc.constantFrom(...ownTokens),
    fc.constantFrom(...compatTokens),
    fc.tuple(fc.constantFrom(...ownTokens), anyValue).map(([token, value]) => `${token}=${value}`),
    anyValue,
  ),
  { maxLength: 8 },
);

/** A command line that is wrong for certain, and a text that its message has to hold. */
export interface BadLine {
  readonly args: readonly string[];
  readonly names: string;
}

const verb = fc.constantFrom(...verbs.filter(([, { names }]) => typeof names === "string"));
const notANumber = fc.constantFrom("many", "1.5", "-2", "0x10", "1e3", "٣", "NaN", "9".repeat(40));

/** Mistakes by option of a verb: what was written, and the option that the message names. */
const badValue = fc.constantFrom<readonly [string, readonly string[]]>(
  ["update", ["--timeout", "soon"]],
  ["update", ["--timeout", "0s"]],
  ["update", ["--timeout=-1m"]],
  ["update", ["--output", "xml"]],
  ["update", ["--events", "text"]],
  ["update", ["--region", "mars"]],
  ["update", ["--cluster", "a b"]],
  ["update", ["--on-failure", "weep"]],
  ["logs", ["--since", "yesterday"]],
  ["run", ["--cpu", "much"]],
  ["run", ["--memory", "1 TB"]],
  ["run", ["--set-env", "NAME"]],
);

export const badCommandLine: fc.Arbitrary<BadLine> = fc.oneof(
  fc.stringMatching(/^[a-z]{1,12}$/).map((word): BadLine => ({ args: [`x${word}`], names: `"x${word}"` })),
  fc
    .tuple(verb, fc.stringMatching(/^[a-z]([a-z-]{0,10}[a-z])?$/))
    .map(([[name], option]): BadLine => ({ args: [name, `--zz-${option}`], names: `--zz-${option}` })),
  fc
    .tuple(verb, fc.constantFrom(...options.filter(([, { type }]) => type === "string")))
    .map(([[name], [option]]): BadLine => ({ args: [name, `--${option}`], names: `--${option}` })),
  fc
    .tuple(verb, fc.constantFrom(...options.filter(([, { type }]) => type === "boolean")), hostileText)
    .map(([[name], [option], value]): BadLine => ({
      args: [name, `--${option}=${value}`],
      names: `--${option}`,
    })),
  fc
    .tuple(verb, fc.constantFrom(...options))
    .filter(([[, entry], [option]]) => !(entry.options as readonly string[]).includes(option))
    .filter(([, [, { help }]]) => help !== "")
    .filter(([, [option]]) =>
      verbs.some(([, { options }]) => (options as readonly string[]).includes(option)),
    )
    .map(([[name], [option, { type }]]): BadLine => ({
      args: [name, type === "boolean" ? `--${option}` : `--${option}=1`],
      names: `--${option}`,
    })),
  badValue.map(([name, written]): BadLine => ({
    args: [name, ...written],
    names: written[0]?.split("=")[0] ?? "",
  })),
  fc
    .tuple(fc.constantFrom(["scale", "--count"], ["update", "--keep-revisions"]), notANumber)
    .map(([[name = "", option = ""], value]): BadLine => ({
      args: [name, `${option}=${value}`],
      names: option,
    })),
  fc
    .tuple(verb, fc.constantFrom("", "a/b", "../x", "a\\b", "a\nb", "n".repeat(256)))
    .map(([[name], service]): BadLine => ({
      args: [name, ...(name === "scale" ? ["--count", "1"] : []), service],
      names: "is not the name of a service",
    })),
);

/** ecs-deploy's form with anything for an image. */
export const compatLine = fc
  .tuple(
    fc.oneof(
      hostileText,
      fc.stringMatching(/^[a-zA-Z0-9._:/@[\]-]{0,40}$/),
      fc.constantFrom("team/app", "team/app:2", "other/app", "redis", "registry:5000/team/app:2", "app:2"),
    ),
    fc.constantFrom("-i", "--image", "--tag-only", "-to"),
  )
  .map(([value, option]) => ({
    option,
    value,
    args: ["-r", "us-east-1", "-c", "test", "-n", "web", option, value],
  }));
