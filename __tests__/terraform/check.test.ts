import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { checkTerraform } from "../../scripts/terraform/check.ts";

describe("checking Terraform", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "slipway-check-"));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** A program that prints this, called terraform. */
  async function terraformThatPrints(text: string, exitCode = 0): Promise<string> {
    const file = path.join(folder, "terraform");
    await writeFile(file, `#!/bin/sh\ncat <<'END'\n${text}\nEND\nexit ${exitCode}\n`);
    await chmod(file, 0o755);
    return file;
  }

  test.each(["1.9.0", "1.11.4", "2.0.0-beta1"])("version %s is accepted", async (version) => {
    const binary = await terraformThatPrints(JSON.stringify({ terraform_version: version }));
    expect(await checkTerraform({ ...process.env, TERRAFORM_BINARY_NAME: binary })).toEqual({
      ok: true,
      binary,
      version,
    });
  });

  test.each(["1.8.5", "0.15.0"])(
    "version %s is too old, and the message says how to get a newer one",
    async (version) => {
      const binary = await terraformThatPrints(JSON.stringify({ terraform_version: version }));
      const check = await checkTerraform({ ...process.env, TERRAFORM_BINARY_NAME: binary });
      expect(check).toMatchObject({
        ok: false,
        message: expect.stringContaining(`is version ${version}. Install it from`),
      });
    },
  );

  test("a program that is not there is named, with the way to OpenTofu", async () => {
    const check = await checkTerraform({ ...process.env, TERRAFORM_BINARY_NAME: "no-such-terraform" });
    const message = expect.stringMatching(
      /"no-such-terraform" was not found on the PATH.*TERRAFORM_BINARY_NAME=tofu/,
    );
    expect(check).toMatchObject({ ok: false, message });
  });

  test.each(["Terraform v1.11", "{}", '{"terraform_version": 4}'])(
    "output that tells no version is refused: %s",
    async (text) => {
      const binary = await terraformThatPrints(text);
      const check = await checkTerraform({ ...process.env, TERRAFORM_BINARY_NAME: binary });
      expect(check).toMatchObject({
        ok: false,
        message: expect.stringContaining("did not tell its version"),
      });
    },
  );

  test("a program that fails is refused with its own exit", async () => {
    const binary = await terraformThatPrints("", 3);
    const check = await checkTerraform({ ...process.env, TERRAFORM_BINARY_NAME: binary });
    expect(check).toMatchObject({ ok: false, message: expect.stringContaining("exit code 3") });
  });
});
