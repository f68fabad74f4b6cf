import type { PlacementConstraint, PlacementStrategy } from "@aws-sdk/client-ecs";

import { parseQuery, QueryError, type Query } from "../cluster-query.ts";
import { invalidParameter } from "./errors.ts";

const mostConstraints = 10;
const mostStrategies = 5;

/**
 * Checks the placement strategies and constraints of a service or a task.
 *
 * @throws AwsError when there are too many, or one is not of the language or does not fit the launch type or strategy
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
 */
export function checkPlacement(
  strategies: readonly PlacementStrategy[],
  constraints: readonly PlacementConstraint[],
  fargate: boolean,
): void {
  if (constraints.length > mostConstraints) {
    throw invalidParameter(`Maximum number of constraints is ${mostConstraints}`);
  }
  if (strategies.length > mostStrategies) {
    throw invalidParameter(`Maximum number of strategies is ${mostStrategies}`);
  }
  if (fargate && constraints.length > 0) {
    throw invalidParameter("Placement constraints are not supported with FARGATE launch type.");
  }
  if (fargate && strategies.length > 0) {
    throw invalidParameter("Placement strategies are not supported with FARGATE launch type.");
  }
  constraints.forEach(checkConstraint);
  strategies.forEach(checkStrategy);
}

function checkConstraint({ type, expression }: PlacementConstraint): void {
  if (type === "memberOf") {
    readQuery(expression ?? "");
  } else if (expression !== undefined) {
    throw invalidParameter("distinctInstance expression should not be specified");
  }
}

function checkStrategy({ type, field = "" }: PlacementStrategy): void {
  const fits =
    type === "random" ||
    (type === "binpack" && /^(cpu|memory)$/i.test(field)) ||
    (type === "spread" && /^(instanceId|host|attribute:.+)$/.test(field));
  if (!fits) throw invalidParameter(`${type} field '${field}' is invalid`);
}

/** Reads an expression of the cluster query language. @throws AwsError when it is not one */
export function readQuery(expression: string): Query {
  try {
    return parseQuery(expression);
  } catch (error) {
    if (error instanceof QueryError) throw invalidParameter(error.message);
    throw error;
  }
}
