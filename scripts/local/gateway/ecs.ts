import { randomUUID } from "node:crypto";

import { AwsError } from "../ecs/api/errors.ts";
import { operations } from "../ecs/api/operations.ts";
import type { ApiRequest, ApiResponse } from "./request.ts";
import type { RegionServices } from "./region-services.ts";

/** Operations that look at what moto owns, which is read again just before them. */
const aspectsNeeded: Readonly<Record<string, readonly ("routing" | "hosts" | "subnets")[]>> = {
  CreateService: ["subnets"],
  UpdateService: ["subnets"],
  RunTask: ["subnets"],
};

/** Operations after which hosts may belong to another cluster. */
const changesMembership = new Set([
  "CreateCluster",
  "CreateCapacityProvider",
  "PutClusterCapacityProviders",
  "DeleteCluster",
]);

/** Answers a call of the ECS API. */
export async function answerEcs(
  services: RegionServices,
  call: ApiRequest,
  log: (message: string) => void,
): Promise<ApiResponse> {
  const name = call.operation ?? "";
  const operation = operations.get(name);
  if (!operation) {
    log(`ecs ${name}: not implemented`);
    return answer(400, { __type: "UnknownOperationException" });
  }
  for (const aspect of aspectsNeeded[name] ?? []) await services.synchronize(aspect);
  try {
    const toDate = (instant: number) => services.region.clock.toDate(instant);
    const body = services.region.transact((transaction) =>
      operation({ ...transaction, toDate }, call.body.toString()),
    );
    if (changesMembership.has(name)) await services.synchronize("hosts");
    log(`ecs ${name}`);
    return answer(200, body);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    log(`ecs ${name}: ${error.type}: ${error.message}`);
    return answer(error.statusCode, { __type: error.type, message: error.message });
  }
}

function answer(statusCode: number, body: string | Record<string, string>): ApiResponse {
  return {
    statusCode,
    headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": randomUUID() },
    body: typeof body === "string" ? body : JSON.stringify(body),
  };
}
