import { describe, expect, test } from "@jest/globals";

import { factsOf, findGroup } from "../../../scripts/commands/code-deploy/facts.ts";
import type { RunContext } from "../../../scripts/commands/run-context.ts";
import { AwsCallError } from "../../../scripts/core/errors.ts";
import type { CodeDeployPort } from "../../../scripts/core/ports/code-deploy.ts";

const service = { serviceName: "shop", cluster: "test" };
const groupOf = (clusterName: string) => ({
  deploymentGroupName: "shop",
  ecsServices: [{ serviceName: "shop", clusterName }],
});

/** An account where the run may look into some applications only; `test` is its environment's own. */
function accountWith(
  applications: Readonly<Record<string, readonly ReturnType<typeof groupOf>[] | "closed">>,
): { port: CodeDeployPort; context: RunContext } {
  const groups = (name: string) => {
    const found = applications[name];
    return found === "closed"
      ? Promise.reject(
          new AwsCallError(
            "AccessDeniedException",
            "not authorized to perform: codedeploy:ListDeploymentGroups",
          ),
        )
      : Promise.resolve(found ?? []);
  };
  const port = {
    applications: () => Promise.resolve(Object.keys(applications)),
    groups,
    group: async (name: string, group: string) =>
      (await groups(name)).find((one) => one.deploymentGroupName === group),
    list: () => Promise.resolve([]),
    describe: () => Promise.resolve([]),
  };
  const context = {
    region: "us-east-1",
    environment: { name: "test" },
    parameters: {
      read: ([name = ""]: readonly string[]) =>
        Promise.resolve(new Map([[name, { kind: "plain", value: "test" }]])),
    },
  };
  // Only what looking for a group asks.
  return { port: port as unknown as CodeDeployPort, context: context as unknown as RunContext };
}

describe("the group of a service that its environment's application does not have", () => {
  test("is found in another application, past those that the run may not look into", async () => {
    const { port, context } = accountWith({ test: [], prod: "closed", older: [groupOf("test")] });
    expect(await findGroup(service, port, context)).toMatchObject({ application: "older" });
  });

  test("is none where nothing else may be looked into", async () => {
    const { port, context } = accountWith({ test: [groupOf("other")], prod: "closed" });
    expect(await findGroup(service, port, context)).toBeUndefined();
  });

  test("is told to be missing together with the applications that were closed to the run", async () => {
    const { port, context } = accountWith({ test: [], prod: "closed" });
    await expect(factsOf(service, port, context)).rejects.toThrow(
      /no deployment group .* \(not looked into, since access was denied: prod\)/,
    );
  });
});

test("that the environment's own application is closed to the run ends it", async () => {
  const { port, context } = accountWith({ test: "closed" });
  await expect(findGroup(service, port, context)).rejects.toThrow("not authorized");
});
