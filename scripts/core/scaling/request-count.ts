/**
 * Policies that follow the requests of one target group, and the label by which they name it.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PredefinedMetricSpecification.html
 */

/** Predefined metrics of a load balancer, of target tracking and of predictive scaling. */
const requestCounts: ReadonlySet<string> = new Set([
  "ALBRequestCountPerTarget",
  "ALBRequestCount",
  "ALBTargetGroupRequestCount",
  "TotalALBRequestCount",
]);

/** A specification of such a metric. */
interface RequestMetric {
  /** Where it stands. */
  readonly path: readonly (string | number)[];
  readonly type: string;
  readonly isLabelled: boolean;
}

/** All of them in a document of Application Auto Scaling. */
export function requestMetrics(
  document: unknown,
  path: readonly (string | number)[] = [],
): readonly RequestMetric[] {
  if (Array.isArray(document)) {
    return document.flatMap((element: unknown, index) => requestMetrics(element, [...path, index]));
  }
  if (!isStructure(document)) return [];
  const type = typeOf(document);
  const own =
    type === undefined ? [] : [{ path, type, isLabelled: Object.hasOwn(document, "ResourceLabel") }];
  return [
    ...own,
    ...Object.entries(document).flatMap(([name, inner]) => requestMetrics(inner, [...path, name])),
  ];
}

/** The document with a label in each specification that has none. */
export function withLabel<Document>(document: Document, label: string): Document {
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (!isStructure(value)) return value;
    const own = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, visit(inner)]));
    const isMissing = typeOf(value) !== undefined && !Object.hasOwn(value, "ResourceLabel");
    return isMissing ? { ...own, ResourceLabel: label } : own;
  };
  // It has the shape that it had, and a text where the API takes one.
  return visit(document) as Document;
}

/** The document without a label wherever it is just this one. */
export function withoutLabel<Document>(document: Document, label: string): Document {
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (!isStructure(value)) return value;
    const members = Object.entries(value).filter(
      ([name, inner]) => !(name === "ResourceLabel" && inner === label && typeOf(value) !== undefined),
    );
    return Object.fromEntries(members.map(([name, inner]) => [name, visit(inner)]));
  };
  // It has the shape that it had, but for a text that the API does not insist on.
  return visit(document) as Document;
}

/**
 * `app/<load balancer>/<id>/targetgroup/<target group>/<id>`; undefined where the load balancer is none for HTTP.
 */
export function resourceLabel(loadBalancerArn: string, targetGroupArn: string): string | undefined {
  const [, balancer] = /:loadbalancer\/(app\/.+)$/.exec(loadBalancerArn) ?? [];
  const [, group] = /:(targetgroup\/.+)$/.exec(targetGroupArn) ?? [];
  return balancer === undefined || group === undefined ? undefined : `${balancer}/${group}`;
}

const shiftingStrategies: ReadonlySet<unknown> = new Set(["BLUE_GREEN", "LINEAR", "CANARY"]);

/** Whether a service's traffic goes from one of two target groups to the other with each deployment. */
export function movesBetweenGroups(service: object): boolean {
  const { deploymentController, deploymentConfiguration, loadBalancers } = asStructure(service);
  const alternates = (Array.isArray(loadBalancers) ? loadBalancers : []).some(
    (one: unknown) =>
      asStructure(asStructure(one)["advancedConfiguration"])["alternateTargetGroupArn"] !== undefined,
  );
  return (
    asStructure(deploymentController)["type"] === "CODE_DEPLOY" ||
    (alternates && shiftingStrategies.has(asStructure(deploymentConfiguration)["strategy"]))
  );
}

/** Why such a service has no policy on the requests of a target group, and what there is instead. */
export function whyNoRequestCount(type: string): { readonly message: string; readonly hint: string } {
  return {
    message: `${type} follows one target group, and this service's traffic goes to another with each deployment; AWS does not support it for blue/green.`,
    hint: "Give a CustomizedMetricSpecification whose Metrics add RequestCountPerTarget of both target groups, as docs/deploy.md shows.",
  };
}

function typeOf(value: Readonly<Record<string, unknown>>): string | undefined {
  const type = value["PredefinedMetricType"];
  return typeof type === "string" && requestCounts.has(type) ? type : undefined;
}

function isStructure(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function asStructure(value: unknown): Readonly<Record<string, unknown>> {
  return isStructure(value) ? value : {};
}
