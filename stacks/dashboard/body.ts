/**
 * What is on the dashboard of an environment: what on-call looks for first at the top, then the load balancers, then
 * service by service. Pure: facts in, the body's JSON out.
 */
import { loadBalancerWidgets, serviceTrafficWidgets } from "./traffic.ts";
import type { Balancer, ServiceTraffic } from "./traffic.ts";
import { alarmStates, graph, logLines, place, search, text } from "./widgets.ts";
import type { Row, Series, Widget } from "./widgets.ts";

/** A service of the environment. */
export interface DashboardService {
  readonly name: string;
  /** Each of its deployments is a service of its own, whose name has this one's in it. */
  readonly staged: boolean;
  /** Without it the service has the target groups that all services share. */
  readonly traffic?: ServiceTraffic;
}

/** Of what the dashboard is made. */
export interface DashboardFacts {
  readonly environment: string;
  readonly region: string;
  readonly cluster: string;
  readonly hasHosts: boolean;
  readonly containerInsights: boolean;
  readonly logGroup: string;
  /** Names of the rules that tell of failures. */
  readonly ruleNames: readonly string[];
  readonly topicName: string;
  readonly alarmArns: readonly string[];
  readonly balancers: readonly Balancer[];
  readonly services: readonly DashboardService[];
}

/** What AWS takes in one alarm widget. */
const mostAlarms = 100;

/** Services with graphs of their own: with five widgets each, AWS's 500 of a dashboard are enough for so many. */
const mostServices = 90;

/**
 * Writes the body.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html
 */
export function dashboardBody(facts: DashboardFacts): string {
  const rows = [
    ...firstRows(facts),
    ...facts.balancers.map((balancer) => ({
      height: 6,
      widgets: loadBalancerWidgets(balancer, facts.region),
    })),
    ...facts.services.slice(0, mostServices).flatMap((service) => serviceRows(service, facts)),
  ];
  return JSON.stringify({ start: "-PT3H", periodOverride: "inherit", widgets: place(rows) });
}

function firstRows(facts: DashboardFacts): Row[] {
  const { environment, region, alarmArns, logGroup } = facts;
  const more = facts.services.length - mostServices;
  const heading = [
    `# ECS ${environment}`,
    `\`./deploy status <service> --env ${environment}\` says what runs and why it fails; \`logs\`, \`exec\` and \`rollback\` go on from there.`,
    ...(more > 0
      ? [`${more} more services have no graphs of their own; the graphs by service have them.`]
      : []),
  ];
  const alarms = chunks(alarmArns, mostAlarms).map((part) => alarmStates("Alarms", part));
  const errors = "filter @message like /(?i)(error|exception|fatal|panic|traceback)/";
  return [
    { height: 3, widgets: [text(heading.join("\n"))] },
    ...alarms.map((widget) => ({ height: 4, widgets: [widget] })),
    { height: 6, widgets: [failures(facts), ...tasks(facts), utilization(facts, "CPU")] },
    {
      height: 6,
      widgets: [
        byService(facts, "CPUUtilization", "CPU by service, %"),
        byService(facts, "MemoryUtilization", "Memory by service, %"),
        utilization(facts, "Memory"),
      ],
    },
    { height: 8, widgets: [logLines("Errors in the logs", region, logGroup, errors)] },
  ];
}

/** How often each rule had something to tell, and whether telling worked. */
function failures({ region, ruleNames, topicName, environment }: DashboardFacts): Widget {
  const lines = ruleNames.map((rule): Series => {
    return ["AWS/Events", "TriggeredRules", "RuleName", rule, { label: rule.slice(environment.length + 1) }];
  });
  const untold: Series = [
    "AWS/SNS",
    "NumberOfNotificationsFailed",
    "TopicName",
    topicName,
    { label: "not delivered" },
  ];
  return graph("What failed", region, "Sum", [...lines, untold]);
}

/** Tasks that run and tasks that are missing; nobody counts them without Container Insights. */
function tasks({ containerInsights, region, cluster }: DashboardFacts): Widget[] {
  if (!containerInsights) return [];
  const count = (MetricName: string): string =>
    search(
      "ECS/ContainerInsights",
      ["ClusterName", "ServiceName"],
      { ClusterName: cluster, MetricName },
      "Average",
    );
  return [
    graph("Tasks", region, "Average", [
      { expression: `SUM(${count("DesiredTaskCount")})-SUM(${count("RunningTaskCount")})`, label: "missing" },
      { expression: count("RunningTaskCount") },
    ]),
  ];
}

/** What the hosts have given away and use, and, where it is counted, what tasks use of what they reserve. */
function utilization(
  { hasHosts, containerInsights, cluster, region }: DashboardFacts,
  what: "CPU" | "Memory",
): Widget {
  const hosts = (kind: "Reservation" | "Utilization", label: string): Series => [
    "AWS/ECS",
    `${what}${kind}`,
    "ClusterName",
    cluster,
    { label },
  ];
  const insight = what === "CPU" ? "Cpu" : "Memory";
  const ofTasks = (kind: "Utilized" | "Reserved"): string =>
    `SUM(${search("ECS/ContainerInsights", ["ClusterName"], { ClusterName: cluster, MetricName: `${insight}${kind}` }, "Average")})`;
  return graph(`${what} of the cluster, %`, region, "Average", [
    ...(hasHosts
      ? [hosts("Reservation", "reserved on the hosts"), hosts("Utilization", "used on the hosts")]
      : []),
    ...(containerInsights
      ? [
          {
            expression: `100*${ofTasks("Utilized")}/${ofTasks("Reserved")}`,
            label: "used by tasks, of what they reserve",
          },
        ]
      : []),
    ...(hasHosts || containerInsights ? [] : [allServices(cluster, `${what}Utilization`)]),
  ]);
}

function allServices(cluster: string, MetricName: string): { expression: string } {
  const where = { ClusterName: cluster, MetricName };
  return { expression: search("AWS/ECS", ["ClusterName", "ServiceName"], where, "Average") };
}

/** Every service that runs in the cluster, those that the environments file does not have too. */
function byService({ region, cluster }: DashboardFacts, metricName: string, title: string): Widget {
  return graph(title, region, "Average", [allServices(cluster, metricName)]);
}

function serviceRows(service: DashboardService, { region, cluster, environment }: DashboardFacts): Row[] {
  const { name, staged, traffic } = service;
  const use = (metric: string, label: string): Series | { expression: string } => {
    const where = { ClusterName: cluster, MetricName: metric };
    return staged
      ? { expression: search("AWS/ECS", ["ClusterName", "ServiceName"], where, "Average", wordsOf(name)) }
      : ["AWS/ECS", metric, "ClusterName", cluster, "ServiceName", name, { label }];
  };
  const load = graph(`${name}: CPU and memory, %`, region, "Average", [
    use("CPUUtilization", "CPU"),
    use("MemoryUtilization", "memory"),
  ]);
  const heading = `## ${name}\n\`./deploy status ${name} --env ${environment}\``;
  return [
    { height: 2, widgets: [text(heading)] },
    { height: 6, widgets: [load, ...serviceTrafficWidgets(name, traffic, region)] },
  ];
}

/** CloudWatch searches by words, and a hyphen or an underscore parts them. */
function wordsOf(name: string): string[] {
  return [...new Set(name.split(/[^A-Za-z0-9]+/).filter((word) => word !== ""))].map(
    (word) => `ServiceName=${word}`,
  );
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
