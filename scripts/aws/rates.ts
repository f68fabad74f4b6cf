/** Calls that AWS allows at once, and then by the second. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** Calls that draw on one rate. */
interface Bucket extends Rate {
  /** Operations, as in `RegisterTaskDefinition`. */
  readonly operations: RegExp;
}

/**
 * The rates of an account and Region, by service as the SDK names its clients. What is not listed has no published
 * rate that a run could come near.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/throttling.html
 * @see https://docs.aws.amazon.com/general/latest/gr/ssm.html
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
 */
const buckets: Readonly<Record<string, readonly Bucket[]>> = {
  ECS: [
    { operations: /^(Create|Update|Delete)Service$/, burst: 50, perSecond: 5 },
    { operations: /^(DescribeServices|ListServices)$/, burst: 100, perSecond: 20 },
    { operations: /^(Register|Deregister)TaskDefinition$/, burst: 20, perSecond: 1 },
    {
      operations: /^(DescribeTaskDefinition|ListTaskDefinitions|ListTaskDefinitionFamilies)$/,
      burst: 50,
      perSecond: 20,
    },
    { operations: /^(DescribeTasks|ListTasks)$/, burst: 100, perSecond: 20 },
    { operations: /^(RunTask|StopTask)$/, burst: 100, perSecond: 40 },
    { operations: /^(DescribeServiceDeployments|ListServiceDeployments)$/, burst: 50, perSecond: 20 },
    { operations: /^DescribeServiceRevisions$/, burst: 50, perSecond: 20 },
    { operations: /^(DescribeClusters|ListClusters)$/, burst: 50, perSecond: 20 },
    { operations: /^(TagResource|UntagResource)$/, burst: 20, perSecond: 10 },
  ],
  ECR: [{ operations: /^PutImage$/, burst: 10, perSecond: 10 }],
  ElasticLoadBalancingV2: [
    { operations: /^Describe/, burst: 40, perSecond: 10 },
    { operations: /^(Create|Modify|Delete|AddTags|RemoveTags)/, burst: 20, perSecond: 3 },
  ],
  Route53: [{ operations: /./, burst: 5, perSecond: 5 }],
  SSM: [
    { operations: /^(Put|Delete)Parameters?$/, burst: 3, perSecond: 3 },
    { operations: /^GetParameters?$/, burst: 40, perSecond: 40 },
  ],
  // The lowest of any Region.
  CloudWatchLogs: [
    { operations: /^FilterLogEvents$/, burst: 5, perSecond: 5 },
    { operations: /^GetLogEvents$/, burst: 10, perSecond: 10 },
  ],
};

/** The rate that a call draws on, with a name that calls of one bucket share; undefined where there is none. */
export function rateOf(service: string, operation: string): (Rate & { readonly name: string }) | undefined {
  const found = buckets[service]?.find(({ operations }) => operations.test(operation));
  return (
    found && {
      name: `${service} ${String(found.operations)}`,
      burst: found.burst,
      perSecond: found.perSecond,
    }
  );
}
