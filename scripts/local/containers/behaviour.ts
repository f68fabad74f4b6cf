/**
 * What a container does when it runs, and the words that ask for it.
 *
 * A behaviour is a list of terms, `slow-start=20,errors=10%`. It is asked for by the tag of an image, by the
 * environment variable `SLIPWAY_BEHAVIOUR` of its container, or by the project's file of images (`images-file.ts`).
 * Durations are AWS's, so they pass as fast as the local AWS runs: plain numbers are seconds, `500ms`, `20s`, `2m` and
 * `1h` are understood. All but `stop` and `latency` count from the start of the container.
 *
 * | term                    | the container                                                          |
 * | ----------------------- | ---------------------------------------------------------------------- |
 * | `slow-start=20`         | listens only after that                                                |
 * | `crash`, `crash=10`     | says why and exits with code 1, after 5 s unless told otherwise        |
 * | `exit`, `exit=30`       | is done after that, 1 s unless told otherwise, and exits with code 0   |
 * | `memory-kill=10`        | is killed for its use of memory, after 5 s unless told otherwise       |
 * | `exit-code=3`           | exits with this code, whatever ends it                                 |
 * | `missing`               | cannot be pulled                                                       |
 * | `unhealthy`, `…=60`     | answers 503 to everything and fails its health check, at once or later |
 * | `recover=120`           | is well again from then on                                             |
 * | `errors=10%` (or `0.1`) | answers 500 to that share of requests; health checks still pass        |
 * | `errors-after=60`       | does so only from then on                                              |
 * | `latency=500ms`         | answers that much later                                                |
 * | `stop=10`               | takes that long from SIGTERM to its end, 2 s unless told otherwise     |
 * | `hang`                  | ignores SIGTERM, and is killed when its stop timeout is over           |
 * | `log-every=10`          | logs a line as often                                                   |
 *
 * In a tag, which admits neither `=` nor `,` nor `%`, all of these are a hyphen and `percent` is written out:
 * `crash`, `1.4.0-crash`, `crash-after-10`, `2.0-slow-start-20-errors-20-percent`. The terms end the tag; what stands
 * before them has to have a digit, as versions do, so that `fix-crash` is an image like any other.
 */
import { closest } from "fastest-levenshtein";
import ms from "ms";

/** What a behaviour asks for; what is left out stays as it was. */
export interface AskedBehaviour {
  readonly exists?: boolean;
  readonly listensAfterSeconds?: number;
  readonly ending?: { readonly cause: "crash" | "exit" | "memory"; readonly afterSeconds: number };
  readonly exitCode?: number;
  readonly unhealthyAfterSeconds?: number;
  readonly recoversAfterSeconds?: number;
  /** Of the requests, from 0 to 1. */
  readonly errorShare?: number;
  readonly errorsAfterSeconds?: number;
  readonly latencySeconds?: number;
  readonly stopsWithinSeconds?: number;
  readonly ignoresStop?: boolean;
  readonly logEverySeconds?: number;
  /** Lines that it logs as it starts. */
  readonly logLines?: readonly string[];
}

/** A behaviour that nothing can be made of; the message says what is allowed. */
export class BehaviourError extends Error {
  override readonly name = "BehaviourError";
}

interface Term {
  /** What its value is, if it has one. */
  readonly value: "duration" | "share" | "exit code" | "nothing";
  /** The value when none is given; without this one has to be. */
  readonly standard?: number;
  readonly asks: (value: number) => AskedBehaviour;
}

const terms: Readonly<Record<string, Term>> = {
  "slow-start": { value: "duration", asks: (seconds) => ({ listensAfterSeconds: seconds }) },
  crash: {
    value: "duration",
    standard: 5,
    asks: (afterSeconds) => ({ ending: { cause: "crash", afterSeconds } }),
  },
  "exit-code": { value: "exit code", asks: (exitCode) => ({ exitCode }) },
  exit: {
    value: "duration",
    standard: 1,
    asks: (afterSeconds) => ({ ending: { cause: "exit", afterSeconds } }),
  },
  "memory-kill": {
    value: "duration",
    standard: 5,
    asks: (afterSeconds) => ({ ending: { cause: "memory", afterSeconds } }),
  },
  missing: { value: "nothing", asks: () => ({ exists: false }) },
  unhealthy: { value: "duration", standard: 0, asks: (seconds) => ({ unhealthyAfterSeconds: seconds }) },
  recover: { value: "duration", asks: (seconds) => ({ recoversAfterSeconds: seconds }) },
  "errors-after": { value: "duration", asks: (seconds) => ({ errorsAfterSeconds: seconds }) },
  errors: { value: "share", standard: 1, asks: (errorShare) => ({ errorShare }) },
  latency: { value: "duration", asks: (seconds) => ({ latencySeconds: seconds }) },
  stop: { value: "duration", asks: (seconds) => ({ stopsWithinSeconds: seconds }) },
  hang: { value: "nothing", asks: () => ({ ignoresStop: true }) },
  "log-every": { value: "duration", asks: (seconds) => ({ logEverySeconds: seconds }) },
};

const names = Object.keys(terms);

/**
 * Reads a list of terms, such as `slow-start=20,errors=10%`. Of terms about the same thing the last one counts.
 *
 * @throws BehaviourError for the first term that is wrong
 */
export function parseBehaviour(text: string): AskedBehaviour {
  const asked = text
    .split(",")
    .map((term) => term.trim())
    .filter((term) => term !== "")
    .map((term) => {
      const equals = term.indexOf("=");
      return equals === -1 ? read(term) : read(term.slice(0, equals).trim(), term.slice(equals + 1).trim());
    });
  return Object.assign({}, ...asked) as AskedBehaviour;
}

function read(name: string, text?: string): AskedBehaviour {
  const term = Object.hasOwn(terms, name) ? terms[name] : undefined;
  if (!term) {
    throw new BehaviourError(
      `There is no behaviour "${name}", did you mean "${closest(name, names)}"? There are ${names.join(", ")}.`,
    );
  }
  if (text === undefined) {
    if (term.standard === undefined && term.value !== "nothing") {
      throw new BehaviourError(
        `"${name}" needs a value: ${examples[term.value]}, as in ${name}=${sample[term.value]}.`,
      );
    }
    return term.asks(term.standard ?? 0);
  }
  const value = readers[term.value](text);
  if (value === undefined) {
    throw new BehaviourError(`"${name}=${text}" is not understood: its value is ${examples[term.value]}.`);
  }
  return term.asks(value);
}

const examples: Readonly<Record<Term["value"], string>> = {
  duration: "seconds, or a duration such as 500ms, 20s, 2m or 1h",
  share: "a share such as 0.1 or 10%",
  "exit code": "a whole number from 0 to 255",
  nothing: "none: it stands alone",
};

const sample: Readonly<Record<Term["value"], string>> = {
  duration: "20",
  share: "10%",
  "exit code": "3",
  nothing: "",
};

const readers: Readonly<Record<Term["value"], (text: string) => number | undefined>> = {
  duration: (text) => {
    if (!/^\d+(\.\d+)?(ms|s|m|h)?$/.test(text)) return undefined;
    return /\d$/.test(text) ? Number(text) : ms(text as ms.StringValue) / 1000;
  },
  share: (text) => {
    const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text);
    const share = Number(match?.[1]) / (match?.[2] === "%" || Number(match?.[1]) > 1 ? 100 : 1);
    return share <= 1 ? share : undefined;
  },
  "exit code": (text) => (/^\d{1,3}$/.test(text) && Number(text) <= 255 ? Number(text) : undefined),
  nothing: () => undefined,
};

const inTag = `(${names.toSorted((one, other) => other.length - one.length).join("|")})(?:-after)?(?:-(\\d[0-9.]*(?:ms|[smh])?)(-percent)?)?`;
const tagged = new RegExp(`^(?:(.*?)-)??(${inTag}(?:-${inTag})*)$`);

/** What a tag asks for; nothing when it does not end in terms, since a tag is everybody's to choose. */
export function behaviourOfTag(tag: string): AskedBehaviour {
  const match = tagged.exec(tag);
  const version = match?.[1];
  if (!match || (version !== undefined && !/\d/.test(version))) return {};
  const found = [...(match[2] ?? "").matchAll(new RegExp(`${inTag}(?:-|$)`, "g"))];
  try {
    const asked = found.map(([, name = "", value, percent]) =>
      read(name, value === undefined ? undefined : `${value}${percent === undefined ? "" : "%"}`),
    );
    return Object.assign({}, ...asked) as AskedBehaviour;
  } catch (error) {
    if (error instanceof BehaviourError) return {};
    throw error;
  }
}
