/**
 * The body is held to AWS's description of it, since whatever takes it here takes anything:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
import { describe, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import * as z from "zod";
import { onlyResource, stackOf, synthesize } from "../helpers/terraform-synthesis.ts";
import { dashboardBody } from "../../stacks/dashboard/body.ts";
import type { DashboardFacts } from "../../stacks/dashboard/body.ts";

const rendering = z.strictObject({
  label: z.string().optional(),
  stat: z.string().optional(),
  yAxis: z.enum(["left", "right"]).optional(),
});
const expression = z.strictObject({
  expression: z.string().max(1024),
  label: z.string().optional(),
  yAxis: z.enum(["left", "right"]).optional(),
});
/** Namespace, metric, up to 30 dimensions by name and value, rendering. */
const metric = z
  .array(z.union([z.string().min(1), rendering]))
  .refine((parts) => parts.slice(0, -1).every((part) => typeof part === "string"))
  .refine((parts) => parts.length % 2 === 1 && parts.length >= 3 && parts.length <= 63);
const place = {
  x: z.int().min(0).max(23),
  y: z.int().min(0),
  width: z.int().min(1).max(24),
  height: z.int().min(1).max(1000),
};
const widget = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("text"),
    ...place,
    properties: z.strictObject({ markdown: z.string().min(1) }),
  }),
  z.strictObject({
    type: z.literal("alarm"),
    ...place,
    properties: z.strictObject({
      title: z.string(),
      alarms: z.array(z.string().startsWith("arn:")).min(1).max(100),
      sortBy: z.enum(["default", "stateUpdatedTimestamp", "timestamp"]),
    }),
  }),
  z.strictObject({
    type: z.literal("metric"),
    ...place,
    properties: z.strictObject({
      title: z.string(),
      region: z.string(),
      view: z.enum(["timeSeries", "singleValue", "gauge", "bar", "pie", "table"]),
      stacked: z.boolean(),
      period: z.int().refine((seconds) => seconds % 60 === 0),
      stat: z.string().regex(/^(Average|Sum|Minimum|Maximum|p\d+)$/),
      metrics: z
        .array(z.union([z.tuple([expression]), metric]))
        .min(1)
        .max(500),
      yAxis: z.strictObject({ left: z.strictObject({ min: z.number(), max: z.number().optional() }) }),
    }),
  }),
  z.strictObject({
    type: z.literal("log"),
    ...place,
    properties: z.strictObject({
      title: z.string(),
      region: z.string(),
      view: z.literal("table"),
      query: z.string().startsWith("SOURCE '"),
    }),
  }),
]);
const bodySchema = z.strictObject({
  start: z.string().regex(/^-P/),
  periodOverride: z.enum(["auto", "inherit"]),
  widgets: z.array(widget).max(500),
});

type Widget = z.output<typeof widget>;

function widgetsOf(body: string): Widget[] {
  const { widgets } = bodySchema.parse(JSON.parse(body));
  return widgets;
}

const facts: DashboardFacts = {
  environment: "live",
  region: "us-east-1",
  cluster: "live",
  hasHosts: true,
  containerInsights: true,
  logGroup: "/ecs/live",
  ruleNames: ["live-task-failed"],
  topicName: "live-ecs-events",
  alarmArns: ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:live/web/blue-errors"],
  balancers: [
    {
      variant: "external",
      suffix: "app/live-external/1",
      groups: [{ label: "ip", suffix: "targetgroup/a/1" }],
    },
  ],
  services: [
    { name: "hello", staged: false },
    {
      name: "web",
      staged: false,
      traffic: {
        balancerSuffix: "app/live-external/1",
        groups: [
          { label: "blue", suffix: "targetgroup/b/1" },
          { label: "green", suffix: "targetgroup/g/1" },
        ],
      },
    },
    {
      name: "my-shop",
      staged: true,
      traffic: { balancerSuffix: "app/live-external/1", groups: { words: ["live", "my", "shop"] } },
    },
  ],
};

function titles(widgets: readonly Widget[]): string[] {
  return widgets.flatMap(({ properties }) => ("title" in properties ? [properties.title] : []));
}

function titled(widgets: readonly Widget[], title: string): Widget {
  const found = widgets.find(({ properties }) => "title" in properties && properties.title === title);
  if (found === undefined) throw new Error(`No widget ${title}; there are ${titles(widgets).join(", ")}`);
  return found;
}

describe("the dashboard", () => {
  const widgets = widgetsOf(dashboardBody(facts));

  test("begins with what rings, what failed and which tasks are missing", () => {
    expect(titles(widgets).slice(0, 3)).toEqual(["Alarms", "What failed", "Tasks"]);
    expect(titled(widgets, "Alarms").properties).toMatchObject({ sortBy: "stateUpdatedTimestamp" });
  });

  test("shows each service's use, requests, errors, times and targets", () => {
    for (const kind of ["CPU and memory, %", "requests and errors", "seconds to answer, p95", "targets"]) {
      titled(widgets, `web: ${kind}`);
    }
    const { metrics } = titled(widgets, "web: requests and errors").properties as { metrics: unknown[][] };
    expect(metrics.map((one) => [one[1], one[3], one[5]])).toEqual([
      ["RequestCount", "targetgroup/b/1", "app/live-external/1"],
      ["RequestCount", "targetgroup/g/1", "app/live-external/1"],
      ["HTTPCode_Target_5XX_Count", "targetgroup/b/1", "app/live-external/1"],
      ["HTTPCode_Target_5XX_Count", "targetgroup/g/1", "app/live-external/1"],
    ]);
    expect(titles(widgets).filter((title) => title.startsWith("hello:"))).toEqual([
      "hello: CPU and memory, %",
    ]);
  });

  test("finds the services and target groups of a staged one, whose names no file has, by their words", () => {
    const { metrics } = titled(widgets, "my-shop: targets").properties as { metrics: unknown[] };
    expect(JSON.stringify(metrics)).toContain("TargetGroup=live TargetGroup=my TargetGroup=shop");
    const load = titled(widgets, "my-shop: CPU and memory, %").properties;
    expect(JSON.stringify(load)).toContain("ServiceName=my ServiceName=shop");
  });

  test("has the newest errors of all containers", () => {
    expect(titled(widgets, "Errors in the logs").properties).toMatchObject({
      query: expect.stringMatching(
        /^SOURCE '\/ecs\/live' \| .*filter @message like .* \| sort @timestamp desc \| limit 50$/,
      ),
    });
  });

  test("puts no widget on another, and none beyond the edge", () => {
    const taken = new Set<string>();
    for (const { x, y, width, height } of widgets) {
      expect(x + width).toBeLessThanOrEqual(24);
      for (let column = x; column < x + width; column += 1) {
        for (let row = y; row < y + height; row += 1) {
          expect(taken.has(`${column},${row}`)).toBe(false);
          taken.add(`${column},${row}`);
        }
      }
    }
  });

  test("asks for no metric that nobody sends without hosts and Container Insights", () => {
    const little = { ...facts, hasHosts: false, containerInsights: false };
    const body = dashboardBody(little);
    expect(body).not.toContain("ECS/ContainerInsights");
    expect(body).not.toContain("CPUReservation");
    expect(titles(widgetsOf(body))).not.toContain("Tasks");
  });

  test("stays within AWS's limits with 300 services and 700 alarms, and says what it left out", () => {
    const [, web] = facts.services;
    const services = Array.from({ length: 300 }, (_, index) => ({
      ...web,
      name: `web-${index}`,
      staged: false,
    }));
    const alarmArns = Array.from(
      { length: 700 },
      (_, index) => `arn:aws:cloudwatch:us-east-1:1:alarm:${index}`,
    );
    const many = widgetsOf(dashboardBody({ ...facts, services, alarmArns }));
    expect(many.filter(({ type }) => type === "alarm")).toHaveLength(7);
    expect(JSON.stringify(many[0])).toContain("210 more services");
  });
});

test("the stack's dashboard has every load balancer and service of the environment, and fits AWS's description", () => {
  const fixture = new URL("../fixtures/environments/monitored.jsonc", import.meta.url);
  const stacks = synthesize(readFileSync(fixture, "utf8"));
  const dashboard = onlyResource(stackOf(stacks, "live-dashboard"), "aws_cloudwatch_dashboard");
  expect(dashboard["dashboard_name"]).toBe("live-ecs");
  const widgets = widgetsOf(String(dashboard["dashboard_body"]));
  const all = titles(widgets);
  for (const title of [
    "external: requests and errors",
    "hello: CPU and memory, %",
    "shop: targets",
    "web: targets",
  ]) {
    expect(all).toContain(title);
  }
  const alarms = titled(widgets, "Alarms").properties as { alarms: string[] };
  const traffic = stackOf(stacks, "live-load-balancer-external");
  const made = Object.values(traffic.resource["aws_cloudwatch_metric_alarm"] ?? {}).map(
    ({ alarm_name }) => alarm_name,
  );
  expect(alarms.alarms.map((arn) => arn.split(":alarm:")[1]).toSorted()).toEqual(made.toSorted());
});
