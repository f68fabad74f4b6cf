import { describe, expect, test } from "@jest/globals";

import { deploymentId, idMadeAt } from "../../../scripts/core/deployment-id.ts";
import { roleNames } from "../../../scripts/core/naming.ts";
import {
  familyName,
  stagedServiceName,
  targetGroupName,
  targetGroupPrefix,
  taskRoleName,
} from "../../../scripts/core/staged/names.ts";

const id = deploymentId(Date.UTC(2026, 10, 21), 0.5);
const long = "a".repeat(255);

const applications = ["test", "prod", "t", "a-very-long-environment-name-yes"].flatMap((environment) =>
  ["web", "a_b", "a-b", "A-B", "_", "-x-", "an-application-of-some-length", long, `${long.slice(1)}b`].map(
    (application) => ({ environment, application }),
  ),
);

describe("the names of a staged deployment", () => {
  test.each(applications)("keep to AWS's limits: $environment $application", (application) => {
    const group = targetGroupName(application, id);
    expect(group).toMatch(/^[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/);
    expect(group).toContain(id);
    expect(group.startsWith(targetGroupPrefix(application))).toBe(true);
    const service = stagedServiceName(application, id);
    expect(service).toMatch(/^[A-Za-z0-9_-]{1,255}$/);
    expect(service).toContain(id);
    expect(familyName(application)).toMatch(/^[A-Za-z0-9_-]{1,255}$/);
    expect(taskRoleName(application)).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    expect(taskRoleName(application).startsWith(`${application.environment}_`)).toBe(true);
  });

  test("are not those of another application, however alike the two are called", () => {
    for (const name of [
      (one: (typeof applications)[number]) => targetGroupName(one, id),
      (one: (typeof applications)[number]) => stagedServiceName(one, id),
      familyName,
      taskRoleName,
    ]) {
      expect(new Set(applications.map(name)).size).toBe(applications.length);
    }
  });

  test("keep families and roles apart that hyphens alone would join, and from the role of all tasks", () => {
    const left = { environment: "a-b", application: "c" };
    const right = { environment: "a", application: "b-c" };
    expect(familyName(left)).not.toBe(familyName(right));
    expect(taskRoleName(left)).not.toBe(taskRoleName(right));
    const called = taskRoleName({ environment: "test", application: "default" });
    expect(Object.values(roleNames("test"))).not.toContain(called);
  });

  test("tell when the deployment was begun", () => {
    expect(idMadeAt(id)).toBe(Date.UTC(2026, 10, 21));
    expect(idMadeAt("nonsense")).toBeUndefined();
  });
});
