import { expect, test } from "@jest/globals";

import { plannedOutputs } from "../../../scripts/core/infrastructure/plan/plan-json.ts";
import type { PlannedOutputs } from "../../../scripts/core/infrastructure/plan/plan-json.ts";
import { withPlannedOutputs } from "../../../scripts/core/infrastructure/plan/stand-ins.ts";
import { recordedPlan } from "../../helpers/recorded-plan.ts";

const remote = (output: string): string =>
  `\${data.terraform_remote_state.cross-stack-reference-input-network.outputs.${output}}`;
const configuration = {
  data: {
    terraform_remote_state: { "cross-stack-reference-input-network": { backend: "local" } },
    aws_partition: { partition: {} },
  },
  resource: { aws_alb: { one: { subnets: [remote("a"), remote("b")], name: remote("a") } } },
};
const outputs: PlannedOutputs = new Map([
  ["a", { known: true, value: "subnet-1${x}" }],
  ["b", { known: false, before: ["subnet-2"] }],
]);

test("known outputs take the place of the reference, and unknown ones something of their type that is unknown", () => {
  const planned = withPlannedOutputs(configuration, () => outputs);
  expect(planned).toEqual({
    // A value is no template.
    locals: { slipway_planned_0: "subnet-1$${x}" },
    data: { aws_partition: { partition: {} } },
    resource: {
      aws_alb: {
        one: {
          subnets: ["${local.slipway_planned_0}", "${terraform_data.slipway_unknown_1.output}"],
          name: "${local.slipway_planned_0}",
        },
      },
      terraform_data: { slipway_unknown_1: { input: ["subnet-2"] } },
    },
  });
});

test("a reference to a stack that was not planned stays as it is, with the state that it reads", () => {
  expect(withPlannedOutputs(configuration, () => undefined)).toEqual(configuration);
});

test("outputs of a plan are known, or known after apply", () => {
  const found = plannedOutputs(recordedPlan("changed-cidr"));
  expect(found.get("vpc-cidr")).toEqual({ known: true, value: "10.9.0.0/16" });
  expect(found.get("vpc-id")).toEqual({ known: false, before: expect.stringMatching(/^vpc-/) });
});
