/**
 * AWS's documented API rate limits, per account and Region. An operation that no page gives a limit for has none.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/request-throttling.html
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-throttling.html
 */
import type { Limit } from "./token-buckets.ts";

interface Bucket extends Limit {
  readonly name: string;
  readonly operations: ReadonlySet<string>;
}

function bucket(name: string, burst: number, perSecond: number, operations: readonly string[]): Bucket {
  return { name, burst, perSecond, operations: new Set(operations) };
}

const ecs: readonly Bucket[] = [
  bucket("service modify", 50, 5, [
    "CreateService",
    "UpdateService",
    "DeleteService",
    "CreateTaskSet",
    "UpdateTaskSet",
    "DeleteTaskSet",
    "UpdateServicePrimaryTaskSet",
  ]),
  bucket("service read", 100, 20, [
    "DescribeServices",
    "ListServices",
    "ListServicesByNamespace",
    "DescribeTaskSets",
  ]),
  bucket("task definition modify", 20, 1, [
    "RegisterTaskDefinition",
    "DeregisterTaskDefinition",
    "DeleteTaskDefinitions",
  ]),
  bucket("task definition read", 50, 20, [
    "DescribeTaskDefinition",
    "ListTaskDefinitions",
    "ListTaskDefinitionFamilies",
  ]),
  bucket("task read", 100, 20, ["DescribeTasks", "ListTasks"]),
  bucket("task modify", 100, 40, ["RunTask", "StopTask", "StartTask"]),
  bucket("service deployment read", 50, 20, ["DescribeServiceDeployments", "ListServiceDeployments"]),
  bucket("service revision read", 50, 20, ["DescribeServiceRevisions"]),
  bucket("cluster read", 50, 20, ["DescribeClusters", "ListClusters"]),
  bucket("tag modify", 20, 10, ["TagResource", "UntagResource"]),
];

const elbAccount = { burst: 40, perSecond: 10 };
const elbRead = { burst: 40, perSecond: 10 };
const elbMutating = { burst: 20, perSecond: 3 };
const elbTargets = { burst: 20, perSecond: 4 };
const elbCreate = { burst: 10, perSecond: 0.2 };

/** The buckets that a call takes a token from, by name; none for one without a limit. */
export function bucketsOf(service: string | null, operation: string | null): ReadonlyMap<string, Limit> {
  if (operation === null) return new Map();
  if (service === "ecs") {
    const found = ecs.find(({ operations }) => operations.has(operation));
    return new Map(found ? [[found.name, found]] : []);
  }
  return service === "elasticloadbalancing" ? elbBuckets(operation) : new Map();
}

/** Every call counts for the account as well as for the kind of its operation. */
function elbBuckets(operation: string): ReadonlyMap<string, Limit> {
  const kind = (): [string, Limit] => {
    if (operation.startsWith("Describe")) return ["read", elbRead];
    if (operation === "CreateLoadBalancer") return [operation, elbCreate];
    if (/^(Register|Deregister)Targets$/.test(operation)) return ["targets", elbTargets];
    return ["mutating", elbMutating];
  };
  return new Map([["account", elbAccount], kind()]);
}
