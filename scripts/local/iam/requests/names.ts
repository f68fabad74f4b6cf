/**
 * Where the parts of ARNs are found in requests: for each placeholder of a service's ARN formats the members that
 * name it. A member of the placeholder's own name, in any case, need not be listed.
 */
import { textsIn, type Parameters } from "./parameters.ts";

type Names = Readonly<Record<string, readonly string[]>>;

const members: Readonly<Record<string, Names>> = {
  acm: { CertificateId: [] },
  // The id in a scalable target's ARN is not the one that calls give.
  "application-autoscaling": { ResourceId: [] },
  autoscaling: { GroupFriendlyName: ["AutoScalingGroupName", "AutoScalingGroupNames"] },
  cloudwatch: {
    AlarmName: ["AlarmName", "AlarmNames"],
    DashboardName: ["DashboardName", "DashboardNames"],
    InsightRuleName: ["RuleName", "RuleNames"],
  },
  codedeploy: {
    DeploymentConfigurationName: ["deploymentConfigName"],
    DeploymentGroupName: ["deploymentGroupName", "currentDeploymentGroupName", "deploymentGroupNames"],
    ApplicationName: ["applicationName", "applicationNames"],
  },
  dynamodb: { TableName: ["TableName"] },
  ecr: { RepositoryName: ["repositoryName", "repositoryNames"] },
  elasticloadbalancing: { LoadBalancerName: ["Name", "LoadBalancerName"], TargetGroupName: ["Name"] },
  events: { RuleName: ["Rule", "Name"], EventBusName: ["EventBusName", "Name"] },
  kms: { KeyId: ["KeyId", "TargetKeyId"], Alias: ["AliasName"] },
  lambda: { FunctionName: ["FunctionName"] },
  logs: {
    LogGroupName: ["logGroupName", "logGroupNames", "logGroupIdentifier"],
    LogStreamName: ["logStreamName"],
  },
  route53: { Id: ["Id", "HostedZoneId", "ChangeId", "HealthCheckId"] },
  secretsmanager: { SecretId: ["SecretId", "Name"] },
  sns: { TopicName: ["Name"] },
  sqs: { QueueName: ["QueueName", "QueueUrl"] },
  ssm: {
    ParameterNameWithoutLeadingSlash: ["Name", "Names", "Path", "ResourceId"],
    DocumentName: ["Name", "DocumentName"],
  },
};

/** What a service's request says for a placeholder of an ARN format; none where it does not name it. */
export function namesFor(service: string, placeholder: string, parameters: Parameters): string[] {
  const own = Object.keys(parameters).filter((name) => name.toLowerCase() === placeholder.toLowerCase());
  const listed = members[service]?.[placeholder] ?? own;
  return textsIn(parameters, ...listed)
    .filter((name) => !name.startsWith("arn:"))
    .map((name) => tidy(service, placeholder, name));
}

function tidy(service: string, placeholder: string, name: string): string {
  if (placeholder === "ParameterNameWithoutLeadingSlash") {
    // A version or label selects within a parameter, which is what policies are about.
    return name.replace(/^\/+/, "").replace(/:[^:]*$/, "");
  }
  if (service === "kms" && placeholder === "Alias") return name.replace(/^alias\//, "");
  if (service === "route53") return name.replace(/^\/?(hostedzone|change|healthcheck)\//, "");
  return placeholder === "QueueName" ? name.slice(name.lastIndexOf("/") + 1) : name;
}
