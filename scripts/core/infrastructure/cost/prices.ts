/** List prices of one region, in US dollars, without discounts, free tiers and taxes. */
export interface Prices {
  /** Linux, on demand, an hour. */
  readonly instances: Readonly<Record<string, number>>;
  readonly natGatewayHour: number;
  readonly natGatewayGb: number;
  readonly loadBalancerHour: number;
  readonly loadBalancerLcuHour: number;
  readonly publicIpv4Hour: number;
  readonly endpointHour: number;
  readonly endpointGb: number;
  /** A month, by volume type. */
  readonly volumeGb: Readonly<Record<string, number>>;
  readonly logIngestedGb: number;
  readonly logStoredGbMonth: number;
  readonly internetOutGb: number;
  readonly kmsKeyMonth: number;
  readonly wafAclMonth: number;
  readonly wafRuleMonth: number;
  readonly wafMillionRequests: number;
  readonly hostedZoneMonth: number;
  readonly alarmMonth: number;
  readonly dashboardMonth: number;
  /** A metric a month: Container Insights as it was, and with enhanced observability. */
  readonly insightsMetricMonth: { readonly enabled: number; readonly enhanced: number };
  readonly fargateVcpuHour: number;
  readonly fargateGbHour: number;
}

/** When the table was put together. AWS changes list prices seldom, and mostly downwards. */
export const pricesDate = "2026-11";

/** Where each figure comes from; check against https://calculator.aws before you budget with it. */
export const priceSources = [
  "Instances: aws/karpenter-provider-aws, pkg/providers/pricing/zz_generated.pricing_aws.go, generated from AWS's price list on 2026-02-09.",
  "NAT gateways, load balancers, endpoints, volumes, logs, KMS, WAF, zones, alarms, dashboards, data out: the figures that infracost's tests record from AWS's price list (internal/providers/terraform/aws/testdata), looked up in 2026-11.",
  "Public IPv4 addresses: AWS's announcement for February 2024. Fargate: infracost's tests. Container Insights with enhanced observability: AWS's pricing page as quoted in 2026; without it, the price of a custom metric.",
];

/** By region. A region that is not here has no price, not a guessed one: `--prices` or `--as-region` says what to take. */
export const pricesByRegion: Readonly<Record<string, Prices>> = {
  "us-east-1": {
    instances: {
      "t2.micro": 0.0116,
      "t2.small": 0.023,
      "t2.medium": 0.0464,
      "t2.large": 0.0928,
      "t3.nano": 0.0052,
      "t3.micro": 0.0104,
      "t3.small": 0.0208,
      "t3.medium": 0.0416,
      "t3.large": 0.0832,
      "t3.xlarge": 0.1664,
      "t3.2xlarge": 0.3328,
      "t3a.micro": 0.0094,
      "t3a.small": 0.0188,
      "t3a.medium": 0.0376,
      "t3a.large": 0.0752,
      "t3a.xlarge": 0.1504,
      "t3a.2xlarge": 0.3008,
      "t4g.nano": 0.0042,
      "t4g.micro": 0.0084,
      "t4g.small": 0.0168,
      "t4g.medium": 0.0336,
      "t4g.large": 0.0672,
      "t4g.xlarge": 0.1344,
      "t4g.2xlarge": 0.2688,
      "m5.large": 0.096,
      "m5.xlarge": 0.192,
      "m5.2xlarge": 0.384,
      "m5.4xlarge": 0.768,
      "m6a.large": 0.0864,
      "m6a.xlarge": 0.1728,
      "m6a.2xlarge": 0.3456,
      "m6a.4xlarge": 0.6912,
      "m6g.medium": 0.0385,
      "m6g.large": 0.077,
      "m6g.xlarge": 0.154,
      "m6g.2xlarge": 0.308,
      "m6g.4xlarge": 0.616,
      "m6i.large": 0.096,
      "m6i.xlarge": 0.192,
      "m6i.2xlarge": 0.384,
      "m6i.4xlarge": 0.768,
      "m7a.medium": 0.05796,
      "m7a.large": 0.11592,
      "m7a.xlarge": 0.23184,
      "m7a.2xlarge": 0.46368,
      "m7g.medium": 0.0408,
      "m7g.large": 0.0816,
      "m7g.xlarge": 0.1632,
      "m7g.2xlarge": 0.3264,
      "m7g.4xlarge": 0.6528,
      "m7i.large": 0.1008,
      "m7i.xlarge": 0.2016,
      "m7i.2xlarge": 0.4032,
      "m7i.4xlarge": 0.8064,
      "m7i-flex.large": 0.09576,
      "m7i-flex.xlarge": 0.19152,
      "m7i-flex.2xlarge": 0.38304,
      "m8g.medium": 0.04488,
      "m8g.large": 0.08976,
      "m8g.xlarge": 0.17952,
      "m8g.2xlarge": 0.35904,
      "c5.large": 0.085,
      "c5.xlarge": 0.17,
      "c5.2xlarge": 0.34,
      "c6a.large": 0.0765,
      "c6a.xlarge": 0.153,
      "c6a.2xlarge": 0.306,
      "c6g.medium": 0.034,
      "c6g.large": 0.068,
      "c6g.xlarge": 0.136,
      "c6g.2xlarge": 0.272,
      "c6i.large": 0.085,
      "c6i.xlarge": 0.17,
      "c6i.2xlarge": 0.34,
      "c7g.medium": 0.0363,
      "c7g.large": 0.0725,
      "c7g.xlarge": 0.145,
      "c7g.2xlarge": 0.29,
      "c7i.large": 0.08925,
      "c7i.xlarge": 0.1785,
      "c7i.2xlarge": 0.357,
      "r5.large": 0.126,
      "r5.xlarge": 0.252,
      "r5.2xlarge": 0.504,
      "r6g.medium": 0.0504,
      "r6g.large": 0.1008,
      "r6g.xlarge": 0.2016,
      "r6g.2xlarge": 0.4032,
      "r6i.large": 0.126,
      "r6i.xlarge": 0.252,
      "r6i.2xlarge": 0.504,
      "r7g.medium": 0.0536,
      "r7g.large": 0.1071,
      "r7g.xlarge": 0.2142,
      "r7g.2xlarge": 0.4284,
    },
    natGatewayHour: 0.045,
    natGatewayGb: 0.045,
    loadBalancerHour: 0.0225,
    loadBalancerLcuHour: 0.008,
    publicIpv4Hour: 0.005,
    endpointHour: 0.01,
    endpointGb: 0.01,
    volumeGb: { gp3: 0.08, gp2: 0.1 },
    logIngestedGb: 0.5,
    logStoredGbMonth: 0.03,
    internetOutGb: 0.09,
    kmsKeyMonth: 1,
    wafAclMonth: 5,
    wafRuleMonth: 1,
    wafMillionRequests: 0.6,
    hostedZoneMonth: 0.5,
    alarmMonth: 0.1,
    dashboardMonth: 3,
    insightsMetricMonth: { enabled: 0.3, enhanced: 0.07 },
    fargateVcpuHour: 0.04048,
    fargateGbHour: 0.004445,
  },
};
