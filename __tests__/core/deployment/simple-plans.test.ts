import { describe, expect, test } from "@jest/globals";

import { planScale } from "../../../scripts/core/deployment/simple-plans.ts";
import { deployment, service } from "../../helpers/ecs-json.ts";

const address = { serviceName: "nginx", cluster: "test" };

describe("the plan of a scale", () => {
  test("is one UpdateService of the count alone, and the wait for it", () => {
    const { steps } = planScale({ service: service() }, address, 3, false);
    expect(steps).toMatchObject([
      { kind: "updateService", input: { cluster: "test", service: "nginx", desiredCount: 3 } },
      { kind: "waitForDeployment" },
    ]);
  });

  test("is nothing where so many run already", () => {
    expect(planScale({ service: service() }, address, 2, false).steps).toEqual([]);
  });

  test("is the wait alone where the count is set and not all run, as after a run that was killed", () => {
    const starting = service({
      deployments: [deployment("ecs-svc/1", { runningCount: 1, pendingCount: 1 })],
    });
    expect(planScale({ service: starting }, address, 2, false).steps).toMatchObject([
      { kind: "waitForDeployment", deploymentId: "ecs-svc/1" },
    ]);
  });

  test("is refused where a scaling policy owns the count, unless it is forced", () => {
    const observed = { service: service(), countIsAutoscaled: true };
    expect(() => planScale(observed, address, 3, false)).toThrow("belongs to autoscaling");
    expect(planScale(observed, address, 3, true).steps).toHaveLength(2);
  });

  test("is refused for a daemon", () => {
    const daemon = service({ schedulingStrategy: "DAEMON" });
    expect(() => planScale({ service: daemon }, address, 3, false)).toThrow("is a daemon");
  });
});
