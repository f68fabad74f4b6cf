import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";

import { addressServices, describeAddressed, type ServiceAddress } from "../../scripts/commands/addresses.ts";
import { loadEnvironment } from "../../scripts/commands/load-environment.ts";
import type { RunCommand, RunContext } from "../../scripts/commands/run-context.ts";
import { parseCommandLine } from "../../scripts/core/command-line/parse.ts";
import type { Environment } from "../../scripts/core/environments.ts";
import { InvalidInputError, RefusedError } from "../../scripts/core/errors.ts";
import { fakeEcs } from "../helpers/fake-ecs.ts";

let environment: Environment;
let folder: string;
let asked: string[];

beforeAll(async () => {
  environment = await loadEnvironment("test", {});
});

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "slipway-addresses-"));
  asked = [];
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function template(
  name: string,
  service: string,
  taskDefinition = `{"family": "${name}"}`,
): Promise<void> {
  await mkdir(path.join(folder, "templates", name), { recursive: true });
  await writeFile(path.join(folder, "templates", name, "service.json"), service);
  await writeFile(path.join(folder, "templates", name, "task-definition.json"), taskDefinition);
}

function commandOf(...args: string[]): RunCommand {
  const command = parseCommandLine(args);
  if (command.kind !== "run") throw new Error("the test's command line is no run");
  return command;
}

function context(overrides: Partial<RunContext> = {}): RunContext {
  return {
    environment,
    region: "us-east-1",
    known: {
      deploymentId: "run1",
      region: "us-east-1",
      environmentName: "test",
      variables: { STAGE: "blue" },
    },
    ecs: fakeEcs({}),
    parameters: {
      read: (names) => {
        asked.push(...names);
        return Promise.resolve(
          new Map(
            names.flatMap((name) =>
              name === "/slipway/test/cluster-name" ? [[name, { kind: "plain", value: "from-stack" }]] : [],
            ),
          ),
        );
      },
    },
    connect: () => {
      throw new Error("no port was expected here");
    },
    emit: () => undefined,
    ...overrides,
  };
}

function addresses(...args: string[]): Promise<readonly ServiceAddress[]> {
  return addressServices(commandOf(...args), context(), folder);
}

describe("the address of a service", () => {
  test("needs no image, and no value but those that stand in it", async () => {
    await template(
      "web",
      '{"cluster": "@@CLUSTER_NAME@@", "serviceName": "web-@@STAGE@@", "desiredCount": "@@NOT_SET@@", "role": "@@ALSO_NOT@@"}',
      '{"family": "web-@@STAGE@@", "containerDefinitions": [{"image": "@@VERSION@@"}]}',
    );
    expect(await addresses("status")).toEqual([
      { name: "web", serviceName: "web-blue", cluster: "from-stack", family: "web-blue" },
    ]);
    expect(asked).toEqual(["/slipway/test/cluster-name"]);
  });

  test("takes --cluster before the template's, which then is not even looked up", async () => {
    await template("web", '{"cluster": "@@NOT_SET@@", "service": "renamed"}', '{"family": "@@NOT_SET@@"}');
    expect(await addresses("status", "--cluster", "other")).toMatchObject([
      { name: "web", serviceName: "renamed", cluster: "other" },
    ]);
  });

  test("is the name in the environment's cluster where there is no template, or no folder at all", async () => {
    const unknown = [{ name: "legacy", serviceName: "legacy", cluster: "test" }];
    expect(await addresses("status", "legacy")).toEqual(unknown);
    await template("web", "{}");
    expect(await addresses("status", "legacy")).toEqual(unknown);
  });

  test("leaves the family out where its value is not known, and does not fail for it", async () => {
    await template("web", "{}", '{"family": "@@NOT_SET@@"}');
    expect(await addresses("status")).toEqual([{ name: "web", serviceName: "web", cluster: "test" }]);
  });

  test("is that of every template with --all", async () => {
    await template("api", "{}");
    await template("web", "{}");
    expect((await addresses("status", "--all")).map(({ name }) => name)).toEqual(["api", "web"]);
  });

  test("has to be chosen among several templates, whose names are told", async () => {
    await template("api", "{}");
    await template("web", "{}");
    await expect(addresses("status")).rejects.toThrow("api, web");
  });

  test("cannot be told without a value of its own, whose place is named", async () => {
    await template("web", '{\n  "serviceName": "@@NOT_SET@@"\n}');
    const failure = await addresses("status").catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InvalidInputError);
    expect((failure as InvalidInputError).problems).toMatchObject([
      { file: path.join("templates", "web", "service.json"), line: 2, path: "$.serviceName" },
    ]);
  });

  test("cannot be told from a template that is not JSON", async () => {
    await template("web", '{"serviceName": ');
    await expect(addresses("status")).rejects.toBeInstanceOf(InvalidInputError);
  });
});

describe("a service that is not there", () => {
  const address = (name: string): ServiceAddress => ({ name, serviceName: name, cluster: "test" });
  const there = fakeEcs({
    describeServices: (_cluster, names) =>
      Promise.resolve(names.filter((name) => name === "web").map((serviceName) => ({ serviceName }))),
  });

  test("is named, with the cluster and the name that was probably meant", async () => {
    const connect = (() => ({
      list: () => Promise.resolve(["api", "web"]),
    })) as unknown as RunContext["connect"];
    const described = describeAddressed([address("web"), address("wed")], context({ ecs: there, connect }));
    await expect(described).rejects.toBeInstanceOf(RefusedError);
    await expect(described).rejects.toThrow(/Service wed does not exist in cluster test.*Did you mean web\?/);
  });

  test("is named all the same where the cluster's services may not be listed", async () => {
    const connect = (() => ({
      list: () => Promise.reject(new Error("denied")),
    })) as unknown as RunContext["connect"];
    await expect(describeAddressed([address("wed")], context({ ecs: there, connect }))).rejects.toThrow(
      "Service wed does not exist in cluster test",
    );
  });
});
