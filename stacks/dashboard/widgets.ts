/**
 * The parts of a CloudWatch dashboard, and where they stand on its grid of 24 columns.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */

/** A line of a graph: namespace, metric, names and values of dimensions, and how it is drawn; or an expression. */
export type Series = readonly [
  ...string[],
  { readonly label?: string; readonly stat?: string; readonly yAxis?: "left" | "right" },
];

/** An expression over metrics, drawn as one line or, where it searches, as several. */
export interface Expression {
  readonly expression: string;
  readonly label?: string;
  readonly yAxis?: "left" | "right";
}

/** A widget without its place. */
export type Widget =
  | { readonly type: "text"; readonly properties: { readonly markdown: string } }
  | {
      readonly type: "alarm";
      readonly properties: {
        readonly title: string;
        readonly alarms: readonly string[];
        readonly sortBy: "stateUpdatedTimestamp";
      };
    }
  | {
      readonly type: "metric";
      readonly properties: {
        readonly title: string;
        readonly region: string;
        readonly view: "timeSeries";
        readonly stacked: false;
        readonly period: number;
        readonly stat: string;
        readonly metrics: readonly (Series | readonly [Expression])[];
        readonly yAxis?: { readonly left: { readonly min: 0; readonly max?: number } };
      };
    }
  | {
      readonly type: "log";
      readonly properties: {
        readonly title: string;
        readonly region: string;
        readonly view: "table";
        readonly query: string;
      };
    };

/** Widgets side by side, of one height. */
export interface Row {
  readonly height: number;
  readonly widgets: readonly Widget[];
}

/** A widget and where it stands. */
export type PlacedWidget = Widget & {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

const columns = 24;

/** The period of every graph, in seconds: what ECS and load balancers report by. */
const period = 60;

/** Text in Markdown. */
export function text(markdown: string): Widget {
  return { type: "text", properties: { markdown } };
}

/** The state of alarms, those that ring first; at most 100. */
export function alarmStates(title: string, alarms: readonly string[]): Widget {
  return { type: "alarm", properties: { title, alarms, sortBy: "stateUpdatedTimestamp" } };
}

/** A graph over time; its axis begins at 0, and ends at `most` where that is known. */
export function graph(
  title: string,
  region: string,
  stat: string,
  lines: readonly (Series | Expression)[],
  most?: number,
): Widget {
  const metrics = lines.map((line): Series | readonly [Expression] => ("expression" in line ? [line] : line));
  const yAxis = { left: { min: 0, ...(most === undefined ? {} : { max: most }) } } as const;
  return {
    type: "metric",
    properties: { title, region, view: "timeSeries", stacked: false, period, stat, metrics, yAxis },
  };
}

/** The newest lines of a log group that a Logs Insights filter lets through. */
export function logLines(title: string, region: string, logGroup: string, filter: string): Widget {
  const query = [
    `SOURCE '${logGroup}'`,
    "fields @timestamp, @logStream, @message",
    filter,
    "sort @timestamp desc",
    "limit 50",
  ].join(" | ");
  return { type: "log", properties: { title, region, view: "table", query } };
}

/** All metrics of a name whose dimensions are these; `words` have to occur in their values as well. */
export function search(
  namespace: string,
  dimensions: readonly string[],
  exactly: Readonly<Record<string, string>>,
  stat: string,
  words: readonly string[] = [],
): string {
  const exact = Object.entries(exactly).map(([name, value]) => `${name}="${value}"`);
  const terms = [`{${[namespace, ...dimensions].join(",")}}`, ...exact, ...words].join(" ");
  return `SEARCH('${terms}', '${stat}', ${period})`;
}

/** Puts rows below one another; the widgets of a row share its width. */
export function place(rows: readonly Row[]): PlacedWidget[] {
  let y = 0;
  return rows.flatMap(({ height, widgets }) => {
    const top = y;
    y += widgets.length === 0 ? 0 : height;
    const width = Math.floor(columns / Math.max(widgets.length, 1));
    return widgets.map((widget, index) => ({ ...widget, x: index * width, y: top, width, height }));
  });
}
