import { AwsError } from "../ecs/api/errors.ts";
import { operations as codeDeployOperations } from "../codedeploy/api/operations.ts";
import { operations as ecsOperations } from "../ecs/api/operations.ts";
import type { Call } from "../ecs/api/call.ts";
import { jsonText } from "./json-answer.ts";
import { unknownOperation } from "./moto-calls.ts";
import type { ApiRequest, ApiResponse } from "./request.ts";
import type { RegionServices } from "./region-services.ts";

/** The operations of a service whose API speaks awsJson1.1, by the name of each. */
type Operations = ReadonlyMap<string, (call: Call, body: string) => string>;

/** The services that are answered here, by their signing names. */
const ownServices: ReadonlyMap<string, Operations> = new Map([
  ["ecs", ecsOperations],
  ["codedeploy", codeDeployOperations],
]);

/** Whether a service is answered here, rather than by moto. */
export function isOwnService(service: string | null): service is string {
  return service !== null && ownServices.has(service);
}

/** Operations that look at what moto owns, which is read again just before them. */
const aspectsNeeded: Readonly<Record<string, readonly ("routing" | "hosts" | "subnets")[]>> = {
  CreateService: ["subnets"],
  UpdateService: ["subnets"],
  RunTask: ["subnets"],
  StartTask: ["subnets"],
  CreateTaskSet: ["subnets"],
  CreateDeployment: ["subnets"],
};

/** Operations after which hosts may belong to another cluster. */
const changesMembership = new Set([
  "CreateCluster",
  "CreateCapacityProvider",
  "PutClusterCapacityProviders",
  "DeleteCluster",
]);

/** Answers a call of a service of our own. */
export async function answerOwn(
  services: RegionServices,
  service: string,
  call: ApiRequest,
  log: (message: string) => void,
): Promise<ApiResponse> {
  const name = call.operation ?? "";
  const operation = ownServices.get(service)?.get(name);
  if (!operation) {
    log(`${service} ${name}: not implemented`);
    return unknownOperation(call);
  }
  for (const aspect of aspectsNeeded[name] ?? []) await services.synchronize(aspect);
  try {
    const toDate = (instant: number) => services.region.clock.toDate(instant);
    const body = services.region.transact((transaction) =>
      operation({ ...transaction, toDate }, call.body.toString()),
    );
    const { autoScalingGroups = {} } = services.region.state.ecs;
    const hasHosts = Object.keys(autoScalingGroups).length > 0;
    if (hasHosts && changesMembership.has(name)) await services.synchronize("hosts");
    log(`${service} ${name}`);
    return jsonText(200, body);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    log(`${service} ${name}: ${error.type}: ${error.message}`);
    return jsonText(error.statusCode, JSON.stringify({ __type: error.type, message: error.message }));
  }
}
