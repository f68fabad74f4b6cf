/** What the stacks do not tell, and the bill depends on. */
export interface Assumptions {
  readonly hours: number;
  readonly lcu: number;
  readonly natGb: number;
  readonly egressGb: number;
  readonly logsGb: number;
  readonly endpointGb: number;
  readonly requestsMillion: number;
  readonly insightsMetrics: number;
}

/** Each with its option, what it means, and what is taken without it. */
export const assumptionTable: Readonly<
  Record<keyof Assumptions, { readonly option: string; readonly means: string; readonly usual: number }>
> = {
  hours: { option: "hours", means: "hours that everything runs a month", usual: 730 },
  lcu: { option: "lcu", means: "capacity units that each load balancer uses on average", usual: 1 },
  natGb: { option: "nat-gb", means: "GB through the NAT gateways a month", usual: 100 },
  egressGb: {
    option: "egress-gb",
    means: "GB out to the internet a month, after AWS's free 100",
    usual: 100,
  },
  logsGb: { option: "logs-gb", means: "GB of log lines a month, and as much kept", usual: 10 },
  endpointGb: { option: "endpoint-gb", means: "GB through interface endpoints a month", usual: 10 },
  requestsMillion: {
    option: "requests-million",
    means: "million requests a month that WAF looks at",
    usual: 10,
  },
  insightsMetrics: {
    option: "insights-metrics",
    means: "metrics that Container Insights reports",
    usual: 50,
  },
};

export const assumptionNames = Object.keys(assumptionTable) as readonly (keyof Assumptions)[];
