/**
 * Names the operations of the REST services whose paths must be known to tell them apart.
 */
import type { ApiRequest } from "../../gateway/request.ts";
import type { Parameters } from "./parameters.ts";

/** An operation with what its path names; null where the service is not known here. */
export interface RestOperation {
  readonly operation: string;
  readonly parameters: Parameters;
}

type Route = readonly [method: string, path: RegExp, operation: string, ...parameters: string[]];

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html */
const lambda: readonly Route[] = [
  ["POST", /^functions$/, "CreateFunction"],
  ["GET", /^functions$/, "ListFunctions"],
  ["GET", /^functions\/([^/]+)$/, "GetFunction", "FunctionName"],
  ["DELETE", /^functions\/([^/]+)$/, "DeleteFunction", "FunctionName"],
  ["GET", /^functions\/([^/]+)\/configuration$/, "GetFunctionConfiguration", "FunctionName"],
  ["PUT", /^functions\/([^/]+)\/configuration$/, "UpdateFunctionConfiguration", "FunctionName"],
  ["PUT", /^functions\/([^/]+)\/code$/, "UpdateFunctionCode", "FunctionName"],
  ["POST", /^functions\/([^/]+)\/invocations$/, "Invoke", "FunctionName"],
  ["POST", /^functions\/([^/]+)\/versions$/, "PublishVersion", "FunctionName"],
  ["GET", /^functions\/([^/]+)\/versions$/, "ListVersionsByFunction", "FunctionName"],
  ["POST", /^functions\/([^/]+)\/aliases$/, "CreateAlias", "FunctionName"],
  ["GET", /^functions\/([^/]+)\/aliases$/, "ListAliases", "FunctionName"],
  ["GET", /^functions\/([^/]+)\/policy$/, "GetPolicy", "FunctionName"],
  ["POST", /^functions\/([^/]+)\/policy$/, "AddPermission", "FunctionName"],
  ["DELETE", /^functions\/([^/]+)\/policy\/[^/]+$/, "RemovePermission", "FunctionName"],
  ["PUT", /^functions\/([^/]+)\/concurrency$/, "PutFunctionConcurrency", "FunctionName"],
  ["GET", /^functions\/([^/]+)\/concurrency$/, "GetFunctionConcurrency", "FunctionName"],
  ["GET", /^functions\/([^/]+)\/code-signing-config$/, "GetFunctionCodeSigningConfig", "FunctionName"],
  ["GET", /^tags\/(.+)$/, "ListTags", "Resource"],
  ["POST", /^tags\/(.+)$/, "TagResource", "Resource"],
  ["DELETE", /^tags\/(.+)$/, "UntagResource", "Resource"],
];

/** @see https://docs.aws.amazon.com/Route53/latest/APIReference/API_Operations_Amazon_Route_53.html */
const route53: readonly Route[] = [
  ["POST", /^hostedzone$/, "CreateHostedZone"],
  ["GET", /^hostedzone$/, "ListHostedZones"],
  ["GET", /^hostedzonesbyname$/, "ListHostedZonesByName"],
  ["GET", /^hostedzonecount$/, "GetHostedZoneCount"],
  ["GET", /^hostedzone\/([^/]+)$/, "GetHostedZone", "Id"],
  ["POST", /^hostedzone\/([^/]+)$/, "UpdateHostedZoneComment", "Id"],
  ["DELETE", /^hostedzone\/([^/]+)$/, "DeleteHostedZone", "Id"],
  ["POST", /^hostedzone\/([^/]+)\/rrset$/, "ChangeResourceRecordSets", "Id"],
  ["GET", /^hostedzone\/([^/]+)\/rrset$/, "ListResourceRecordSets", "Id"],
  ["GET", /^hostedzone\/([^/]+)\/dnssec$/, "GetDNSSEC", "Id"],
  ["POST", /^hostedzone\/([^/]+)\/associatevpc$/, "AssociateVPCWithHostedZone", "Id"],
  ["POST", /^hostedzone\/([^/]+)\/disassociatevpc$/, "DisassociateVPCFromHostedZone", "Id"],
  ["GET", /^change\/([^/]+)$/, "GetChange", "ChangeId"],
  ["POST", /^healthcheck$/, "CreateHealthCheck"],
  ["GET", /^healthcheck$/, "ListHealthChecks"],
  ["GET", /^healthcheck\/([^/]+)$/, "GetHealthCheck", "HealthCheckId"],
  ["POST", /^healthcheck\/([^/]+)$/, "UpdateHealthCheck", "HealthCheckId"],
  ["DELETE", /^healthcheck\/([^/]+)$/, "DeleteHealthCheck", "HealthCheckId"],
  ["GET", /^tags\/hostedzone\/([^/]+)$/, "ListTagsForResource", "Id"],
  ["POST", /^tags\/hostedzone\/([^/]+)$/, "ChangeTagsForResource", "Id"],
  ["GET", /^tags\/healthcheck\/([^/]+)$/, "ListTagsForResource", "HealthCheckId"],
  ["POST", /^tags\/healthcheck\/([^/]+)$/, "ChangeTagsForResource", "HealthCheckId"],
];

const routes: Readonly<Record<string, { readonly root: RegExp; readonly routes: readonly Route[] }>> = {
  lambda: { root: /^\/20\d\d-\d\d-\d\d\//, routes: lambda },
  route53: { root: /^\/2013-04-01\//, routes: route53 },
};

/** The operation of a call to Lambda or Route 53. */
export function restOperation({ service, method, url }: ApiRequest): RestOperation | null {
  const table = routes[service ?? ""];
  if (!table) return null;
  const path = new URL(url, "http://localhost").pathname.replace(table.root, "").replace(/\/$/, "");
  for (const [verb, expression, operation, ...names] of table.routes) {
    const found = verb === method ? expression.exec(path) : null;
    if (!found) continue;
    const parameters = names.map((name, index) => [name, decodeURIComponent(found[index + 1] ?? "")]);
    return { operation, parameters: Object.fromEntries(parameters) as Parameters };
  }
  return null;
}

/** Names of all operations known here, by service. */
export function restOperations(): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(routes).map(([service, table]) => [
      service,
      table.routes.map(([, , operation]) => operation),
    ]),
  );
}
