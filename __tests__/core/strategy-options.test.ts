import type { Service } from "@aws-sdk/client-ecs";
import { describe, expect, test } from "@jest/globals";

import { refuseWithoutCodeDeploy } from "../../scripts/commands/code-deploy/whose.ts";
import { refuseCreateOptions, refuseOtherConfig } from "../../scripts/core/code-deploy/update-options.ts";
import { parseCommandLine, type CommandLine } from "../../scripts/core/command-line/parse.ts";
import { refuseRestartOptions } from "../../scripts/core/deployment/restart-options.ts";
import { RefusedError, UsageError } from "../../scripts/core/errors.ts";

function command(...args: string[]): Extract<CommandLine, { kind: "run" }> {
  const parsed = parseCommandLine(args);
  if (parsed.kind !== "run") throw new Error(`expected a run, got ${parsed.kind}`);
  return parsed;
}

const optionsOf = (...args: string[]) => command(...args).options;
const service = (more: Partial<Service>): Service => ({ serviceName: "web", status: "ACTIVE", ...more });

describe("an option that the strategy has no use for is refused", () => {
  test("--auto-approve-after and --deployment-config, where CodeDeploy does not deploy the service", () => {
    const refused = (...args: string[]) => {
      refuseWithoutCodeDeploy("web", undefined, command("update", ...args));
    };
    expect(() => {
      refused("--auto-approve-after", "5m");
    }).toThrow(UsageError);
    expect(() => {
      refused("--auto-approve-after", "5m");
    }).toThrow(
      /--auto-approve-after is for services that CodeDeploy deploys, and web does not .*timeoutConfiguration\.action is CONTINUE.* Nothing was changed\./s,
    );
    expect(() => {
      refused("--deployment-config", "CodeDeployDefault.ECSAllAtOnce");
    }).toThrow(/--deployment-config is for services that CodeDeploy deploys/);
    expect(() => {
      refused();
    }).not.toThrow();
  });

  test("--auto-approve-after beside --wait-until paused, which ends before there is anything to approve", () => {
    expect(() => optionsOf("update", "--auto-approve-after", "5m", "--wait-until", "paused")).toThrow(
      /--auto-approve-after and --wait-until paused contradict each other/,
    );
    expect(() => optionsOf("update", "--auto-approve-after", "5m", "--wait-until", "deployed")).not.toThrow();
  });

  test("--on-failure rollback-all beside --wait-until paused, which ends before there is anything to put back", () => {
    expect(() => optionsOf("update", "--on-failure", "rollback-all", "--wait-until", "paused")).toThrow(
      /contradict each other/,
    );
    expect(() => optionsOf("update", "--on-failure", "rollback", "--wait-until", "paused")).not.toThrow();
  });

  test("--wait-until at the create of a service that CodeDeploy deploys, which moves no traffic", () => {
    expect(() => {
      refuseCreateOptions("web", optionsOf("create", "--wait-until", "deployed"));
    }).toThrow(
      /--wait-until deployed is for deployments that move traffic, .*\.\/deploy update.*Nothing was/s,
    );
    expect(() => {
      refuseCreateOptions("web", optionsOf("create"));
    }).not.toThrow();
  });

  test("--rollback and --no-rollback at a restart that leaves a failure as it stands in any case", () => {
    const native = service({ deploymentConfiguration: { strategy: "CANARY" } });
    const byCodeDeploy = service({ deploymentController: { type: "CODE_DEPLOY" } });
    for (const option of ["--rollback", "--no-rollback"]) {
      for (const running of [service({}), native]) {
        expect(() => {
          refuseRestartOptions(running, optionsOf("restart", option));
        }).toThrow(new RegExp(`^${option} of ./deploy restart is for services that CodeDeploy deploys`));
      }
      expect(() => {
        refuseRestartOptions(byCodeDeploy, optionsOf("restart", option));
      }).not.toThrow();
    }
    expect(() => {
      refuseRestartOptions(service({}), optionsOf("restart"));
    }).not.toThrow();
  });

  test("another --deployment-config than the deployment has that is under way and only waited for", () => {
    const config = "CodeDeployDefault.ECSAllAtOnce";
    const underWay = (deploymentConfigName?: string) => ({
      id: "d-1",
      info: deploymentConfigName === undefined ? {} : { deploymentConfigName },
    });
    expect(() => {
      refuseOtherConfig("web", config, underWay("CodeDeployDefault.ECSCanary10Percent5Minutes"));
    }).toThrow(RefusedError);
    expect(() => {
      refuseOtherConfig("web", config, underWay(config));
      refuseOtherConfig("web", undefined, underWay(config));
    }).not.toThrow();
  });
});
