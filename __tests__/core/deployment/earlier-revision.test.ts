import { expect, test } from "@jest/globals";

import { isEarlierRevision } from "../../../scripts/core/deployment/task-definition.ts";

const arn = (name: string) => `arn:aws:ecs:eu-west-1:123456789012:task-definition/${name}`;

test.each([
  ["web:9", "web:10", true],
  ["web:10", "web:9", false],
  ["web:9", "web:9", false],
  ["api:1", "web:9", false],
])("%s before %s: %s", (one, other, earlier) => {
  expect(isEarlierRevision(arn(one), arn(other))).toBe(earlier);
});
