/**
 * The whole of `./deploy` in this process, from its arguments to its exit code, with nothing outside: files come from
 * memory, AWS is a few answers, and every call that would change something is written down.
 *
 * To be imported before anything of `scripts/`, since it takes the place of some of its modules.
 */
import path from "node:path";

import type { Service } from "@aws-sdk/client-ecs";
import { jest } from "@jest/globals";

import type { RegisteredRevision } from "../../scripts/core/deployment/task-definition.ts";
import type { ParameterValue } from "../../scripts/core/ports.ts";

/** What surrounds one run. */
export interface World {
  /** Files of the working folder, by path. */
  readonly files: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>>;
  readonly parameters?: (name: string) => ParameterValue | undefined;
  /** What runs, for those that ask for it. */
  readonly service?: Service;
  readonly revision?: RegisteredRevision;
}

/** What one run left behind. */
export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Calls that would have changed something. */
  readonly writes: readonly string[];
  /** Calls of any kind. */
  readonly calls: readonly string[];
  /** The verb whose work began, for those that only say that it did. */
  readonly handled?: unknown;
}

const folder = "/work-folder";
/** As small as it may be: it is read in every run. */
const environments = JSON.stringify({
  environments: {
    test: { region: "us-east-1", network: { cidr: "10.0.0.0/16", zones: 2 }, cluster: { ec2: null } },
  },
});

let world: World;
let writes: string[];
let calls: string[];
let handled: unknown;

function noSuch(kind: string, name: string): Error {
  return Object.assign(new Error(`ENOENT: no such ${kind}, ${name}`), { code: "ENOENT" });
}

jest.unstable_mockModule("node:fs/promises", () => ({
  readFile: (file: string) => {
    if (file.endsWith("/environments.jsonc")) return Promise.resolve(environments);
    const text = world.files[path.relative(folder, file)];
    return text === undefined ? Promise.reject(noSuch("file", file)) : Promise.resolve(text);
  },
  readdir: (start: string) => {
    const inside = Object.keys(world.files).filter((file) => path.join(folder, file).startsWith(`${start}/`));
    if (inside.length === 0) return Promise.reject(noSuch("folder", start));
    return Promise.resolve(
      inside.map((file) => {
        const whole = path.join(folder, file);
        return { name: path.basename(whole), parentPath: path.dirname(whole), isDirectory: () => false };
      }),
    );
  },
}));

jest.unstable_mockModule("../../scripts/aws/ecs.ts", () => {
  const writing = (name: string) => () => {
    writes.push(name);
    return Promise.reject(new Error(`${name} was called`));
  };
  return {
    ecsPort: () => ({
      describeServices: () => {
        calls.push("describeServices");
        return Promise.resolve(world.service === undefined ? [] : [world.service]);
      },
      describeTaskDefinition: () => {
        calls.push("describeTaskDefinition");
        return Promise.resolve(world.revision);
      },
      registerTaskDefinition: writing("registerTaskDefinition"),
      createService: writing("createService"),
      updateService: writing("updateService"),
      stoppedTasks: () => Promise.resolve([]),
    }),
  };
});

jest.unstable_mockModule("../../scripts/aws/parameters.ts", () => ({
  parametersPort: () => ({
    read: (names: readonly string[]) => {
      calls.push("readParameters");
      const found = names.flatMap((name): [string, ParameterValue][] => {
        const value = world.parameters?.(name);
        return value === undefined ? [] : [[name, value]];
      });
      return Promise.resolve(new Map(found));
    },
  }),
}));

// A lock is written to Parameter Store, so it counts as a write.
jest.unstable_mockModule("../../scripts/commands/lock/lock.ts", () => ({
  takeLocks: () => {
    writes.push("lock");
    const lost = new AbortController().signal;
    return Promise.resolve({ takenOver: new Map(), lost, release: () => Promise.resolve() });
  },
}));

// Templates and ecs-deploy's form go all the way; of the other verbs it is enough that their work would have begun.
jest.unstable_mockModule("../../scripts/commands/verbs.ts", () => {
  const begins = () =>
    Promise.resolve((command: unknown) => {
      handled = command;
      return Promise.resolve({ exitCode: 0, document: {}, text: () => "" });
    });
  const own: Readonly<Record<string, () => Promise<unknown>>> = {
    update: async () => (await import("../../scripts/commands/deploy-services.ts")).deployServices,
  };
  const hasTemplates = (): boolean => world.files["templates/x/service.json"] !== undefined;
  return {
    handlers: new Proxy(own, {
      get: (_, verb) => (hasTemplates() ? (own[String(verb)] ?? begins) : begins),
    }),
  };
});

const { main } = await import("../../scripts/commands/main.ts");

/** Runs `./deploy` with these arguments. Throws what `main` throws, which should be nothing. */
export async function runDeploy(args: readonly string[], within: World): Promise<Ran> {
  world = within;
  writes = [];
  calls = [];
  handled = undefined;
  const written = { stdout: "", stderr: "" };
  const stream = (name: keyof typeof written) => ({
    isTTY: false,
    columns: 120,
    write: (text: string) => {
      written[name] += text;
      return true;
    },
    on: () => undefined,
    off: () => undefined,
  });
  const host = {
    stdout: stream("stdout"),
    stderr: stream("stderr"),
    env: { PATH: "/usr/bin", ...within.variables },
    cwd: () => folder,
    on: () => undefined,
    off: () => undefined,
    exit: (code: number) => {
      throw new Error(`exit ${code} was called`);
    },
  };
  // Only these members of `process` are touched.
  const exitCode = await main(args, "0.0.0", host as unknown as Parameters<typeof main>[2]);
  return { exitCode, ...written, writes, calls, ...(handled === undefined ? {} : { handled }) };
}
