import { describe, expect, test } from "@jest/globals";
import { resourcesOf, stackOf, synthesize } from "../helpers/terraform-synthesis.ts";

const stacks = synthesize();
const environmentStacks = Object.entries(stacks).filter(([name]) => name !== "users");

describe("the stacks of the shipped environment", () => {
  test("are five and the account's users, named for the environment and the concern", () => {
    expect(Object.keys(stacks).toSorted()).toEqual([
      "test-cluster",
      "test-load-balancer-external",
      "test-load-balancer-internal",
      "test-network",
      "test-roles",
      "users",
    ]);
  });

  test("publish every output as a Terraform output and as a parameter of the same name", () => {
    const published = environmentStacks.map(([, stack]) => ({
      outputs: Object.keys(stack.output).filter((name) => !name.startsWith("cross-stack-output-")),
      parameters: Object.values(resourcesOf(stack, "aws_ssm_parameter")).map((parameter) =>
        String(parameter["name"]),
      ),
    }));
    for (const { outputs, parameters } of published) {
      expect(parameters.toSorted()).toEqual(outputs.map((name) => `/slipway/test/${name}`).toSorted());
    }
    expect(published.flatMap(({ outputs }) => outputs)).toHaveLength(27);
  });

  test("publish lists as StringLists with commas", () => {
    const parameters = resourcesOf(stackOf(stacks, "test-network"), "aws_ssm_parameter");
    expect(parameters["parameter-private-subnet-ids"]).toMatchObject({
      type: "StringList",
      insecure_value: expect.stringMatching(/^\$\{join\(",", \[/),
    });
    expect(parameters["parameter-vpc-id"]).toMatchObject({ type: "String" });
  });

  test("keep their state in a file of their own in the folder given", () => {
    expect(stackOf(stacks, "users").terraform.backend.local.path).toBe("/state/terraform.users.tfstate");
    const paths = Object.values(stacks).map((stack) => stack.terraform.backend.local.path);
    expect(new Set(paths).size).toBe(paths.length);
  });

  test("refer to the network alone, so that load balancers and cluster are made side by side", () => {
    const references = Object.fromEntries(
      Object.entries(stacks).map(([name, stack]) => [
        name,
        Object.keys(stack.data["terraform_remote_state"] ?? {}),
      ]),
    );
    const toNetwork = ["cross-stack-reference-input-test-network"];
    expect(references).toEqual({
      "test-network": [],
      "test-roles": [],
      users: [],
      "test-load-balancer-external": toNetwork,
      "test-load-balancer-internal": toNetwork,
      "test-cluster": toNetwork,
    });
  });

  test("configure the provider by region and tags alone: endpoint and credentials come from the environment", () => {
    for (const [name, stack] of environmentStacks) {
      expect(stack.provider["aws"]).toEqual([
        {
          region: "us-east-1",
          default_tags: [{ tags: { "slipway:environment": "test", "slipway:stack": name } }],
        },
      ]);
    }
  });
});
