import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { execa } from "execa";

import { ExampleWorld } from "../helpers/example-world.ts";

jest.setTimeout(400_000);

/** Stands in for a program that needs a registry: it writes down what it was asked, and says what it is to say. */
/** What is piped to it has been called before it: it reads that first. */
const recorder = (name: string, reads: string, does: string) =>
  `#!/bin/sh\n${reads}\necho "${name} $*" >>"$CALLED"\n${does}\n`;

describe("the example's pipeline, on the local AWS", () => {
  let world: ExampleWorld;
  let url: string;
  let called: string;
  beforeAll(async () => {
    world = await ExampleWorld.start(["stage"], 40);
    url = await world.url();
    called = path.join(world.project.folder, "called");
    const programs = path.join(world.project.folder, "programs");
    await mkdir(programs);
    await writeFile(
      path.join(programs, "docker"),
      recorder("docker", 'case "$*" in *--password-stdin*) cat >/dev/null ;; esac', ""),
      { mode: 0o755 },
    );
    await writeFile(
      path.join(programs, "aws"),
      recorder("aws", "", 'case "$2" in get-login-password) echo password ;; *) exit 254 ;; esac'),
      { mode: 0o755 },
    );
  });
  afterAll(() => world.stop());

  function pipeline(variables: Record<string, string>) {
    const own = world.variables();
    return execa(path.join(world.project.folder, "examples/hello/pipeline.sh"), {
      cwd: world.project.folder,
      env: {
        ...own,
        PATH: `${path.join(world.project.folder, "programs")}:${own["PATH"] ?? ""}`,
        CALLED: called,
        ENVIRONMENT: "stage",
        BAKE: "1m",
        CURL_OPTIONS: `--connect-to ::${new URL(url).host}`,
        ...variables,
      },
      extendEnv: false,
      stdin: "ignore",
      reject: false,
      all: true,
    });
  }
  const stepsOf = (text: string) => [...text.matchAll(/^== (.*)$/gm)].map(([, name]) => name);

  interface Listed {
    readonly deployments: readonly { readonly version?: string; readonly state: string }[];
  }
  async function deployments(): Promise<Record<string, string>> {
    const { stdout } = await world.deploy("stage", ["deployments", "hello", "--output", "json"]);
    const listed = (JSON.parse(stdout) as Listed).deployments;
    return Object.fromEntries(listed.map(({ version = "", state }) => [version, state]));
  }

  test("brings one version after the other to the live host, and none that fails its test", async () => {
    const first = await pipeline({
      REPOSITORY: "registry.example.com/hello",
      VERSION: "1.0.0",
      CANARY: "",
    });
    expect(first).toMatchObject({ exitCode: 0 });
    expect(stepsOf(first.stderr)).toEqual([
      "Log in to ECR",
      "Build",
      "Push",
      "Stage",
      "Test",
      "Activate",
      "Tear down",
    ]);
    expect((await readFile(called, "utf8")).split("\n")).toEqual([
      "aws ecr get-login-password",
      "docker login --username AWS --password-stdin registry.example.com",
      "docker build --build-arg VERSION=1.0.0 --tag registry.example.com/hello:1.0.0 examples/hello",
      "aws ecr describe-images --repository-name hello --image-ids imageTag=1.0.0",
      "docker push registry.example.com/hello:1.0.0",
      "",
    ]);
    expect(await world.answering(url)).toBe("registry.example.com/hello:1.0.0");

    const second = await pipeline({ IMAGE: "registry.example.com/hello:1.1.0" });
    expect(second).toMatchObject({ exitCode: 0 });
    expect(stepsOf(second.stderr)).toEqual(["Stage", "Test", "Activate", "Tear down"]);
    expect(await world.answering(url)).toBe("registry.example.com/hello:1.1.0");
    // The environment keeps one to go back to.
    expect(await deployments()).toEqual({ "1.0.0": "retired", "1.1.0": "active" });

    const bad = await pipeline({ IMAGE: "registry.example.com/hello:2.0.0-errors-100-percent" });
    expect(bad.exitCode).not.toBe(0);
    expect(stepsOf(bad.stderr)).toEqual(["Stage", "Test", "Tear down what did not go live"]);
    expect(bad.all).toContain("500");
    expect(await world.answering(url)).toBe("registry.example.com/hello:1.1.0");
    expect(await deployments()).toEqual({ "1.0.0": "retired", "1.1.0": "active" });
  });

  test("does not activate another version than the one that it staged", async () => {
    const wrong = await pipeline({
      IMAGE: "registry.example.com/hello:3.0.0",
      CHECK: 'examples/hello/check.sh "$STAGED_URL" 3.0.1',
    });
    expect(wrong.exitCode).toBe(1);
    expect(wrong.all).toContain("is not version 3.0.1");
    expect(stepsOf(wrong.stderr)).not.toContain("Activate");
  });

  test("says what it needs", async () => {
    const nowhere = await pipeline({ ENVIRONMENT: "", IMAGE: "hello:1" });
    expect(nowhere).toMatchObject({ exitCode: 1 });
    expect(nowhere.stderr).toContain("ENVIRONMENT: is where to deploy to");
    const nothing = await pipeline({});
    expect(nothing.stderr).toContain("REPOSITORY: is the ECR repository to push to");
    expect(stepsOf(nothing.stderr)).toEqual([]);
  });
});
