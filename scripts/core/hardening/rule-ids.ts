/**
 * The hardening rules by the ids that auditors use, which are Checkov's, each with what has to be so. The rules
 * themselves are in stacks/aspects; the environments file suppresses them by these ids.
 *
 * @see https://www.checkov.io/5.Policy%20Index/terraform.html
 */
export const ruleTitles = {
  CKV_AWS_91: "Load balancers keep access logs",
  CKV_AWS_131: "Load balancers drop invalid headers",
  CKV_AWS_103: "Listeners take TLS 1.2 or better, or redirect to one that does",
  CKV2_AWS_20: "Listeners for HTTP redirect to HTTPS",
  CKV2_AWS_28: "Load balancers on the internet are behind a web application firewall",
  CKV_AWS_150: "Load balancers are protected from deletion",
  CKV_AWS_328: "Load balancers guard against requests out of step",
  CKV_AWS_79: "Hosts answer metadata requests with a token only",
  CKV_AWS_341: "Metadata of hosts stays out of reach of their containers",
  CKV_AWS_8: "Disks of hosts are encrypted",
  CKV_AWS_315: "Auto-scaling groups have a launch template",
  CKV2_AWS_11: "VPCs have flow logs",
  CKV2_AWS_12: "The default security group of a VPC lets nothing through",
  CKV_AWS_23: "Security groups and their rules say what they are for",
  CKV_AWS_51: "Image tags never move",
  CKV_AWS_163: "Images are scanned when they are pushed",
  CKV_AWS_136: "Image repositories are encrypted with KMS",
  CKV_AWS_65: "Clusters have Container Insights",
  CKV_AWS_249: "A task's own role is not its execution role",
  CKV_AWS_334: "Containers are not privileged",
  CKV_AWS_336: "Containers cannot write to their root file system",
  CKV_AWS_333: "Services get no public address",
  CKV_AWS_338: "Log groups keep their events for a year",
  CKV_AWS_158: "Log groups are encrypted with KMS",
  CKV_AWS_26: "Topics are encrypted with KMS",
  CKV_AWS_40: "Policies belong to groups and roles, not to users",
  CKV_AWS_290: "No policy allows writing without a bound",
  CKV_AWS_355: "No policy allows every resource where one can be named",
  CKV_AWS_393: "Roles for pipelines name whose pipeline",
} as const satisfies Readonly<Record<string, string>>;

/** The id of a rule. */
export type RuleId = keyof typeof ruleTitles;

/** Every rule's id, in the order in which reports list them. */
// Object.keys gives strings; these are the keys of the object above.
export const ruleIds = Object.keys(ruleTitles) as readonly RuleId[];
