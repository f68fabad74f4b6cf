import { formatPath, type Violation } from "../../scripts/core/aws-model/violation.ts";

/** Violations as one line each: path, message and hint. */
export function lines(violations: readonly Violation[]): readonly string[] {
  return violations.map(({ path, message, hint }) =>
    [`${formatPath(path)}: ${message}`, hint].filter((part) => part !== undefined).join(" "),
  );
}
