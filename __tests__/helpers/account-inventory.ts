import { CloudWatchClient, DescribeAlarmsCommand, ListDashboardsCommand } from "@aws-sdk/client-cloudwatch";
import { CodeDeployClient, ListApplicationsCommand } from "@aws-sdk/client-codedeploy";
import { DescribeRepositoriesCommand, ECRClient } from "@aws-sdk/client-ecr";
import {
  DescribeTrustStoresCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient, ListOpenIDConnectProvidersCommand } from "@aws-sdk/client-iam";
import { ListHostedZonesCommand, Route53Client } from "@aws-sdk/client-route-53";
import { inventory, plainCall } from "./terraform-inventory.ts";

const region = "us-east-1";

/** Everything that the stacks of any environment could leave behind, by kind. */
export async function accountInventory(
  endpoint: string,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const settings = { endpoint, region, credentials: { accessKeyId: "local", secretAccessKey: "local" } };
  const cloudWatch = new CloudWatchClient(settings);
  const { MetricAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({}));
  const { DashboardEntries = [] } = await cloudWatch.send(new ListDashboardsCommand({}));
  const { applications = [] } = await new CodeDeployClient(settings).send(new ListApplicationsCommand({}));
  const { repositories = [] } = await new ECRClient(settings).send(new DescribeRepositoriesCommand({}));
  const elb = new ElasticLoadBalancingV2Client(settings);
  const { TrustStores = [] } = await elb.send(new DescribeTrustStoresCommand({}));
  const { HostedZones = [] } = await new Route53Client(settings).send(new ListHostedZonesCommand({}));
  const { OpenIDConnectProviderList = [] } = await new IAMClient(settings).send(
    new ListOpenIDConnectProvidersCommand({}),
  );
  const found: Record<string, (string | undefined)[]> = {
    alarms: MetricAlarms.map(({ AlarmName }) => AlarmName),
    dashboards: DashboardEntries.map(({ DashboardName }) => DashboardName),
    applications,
    repositories: repositories.map(({ repositoryName }) => repositoryName),
    trustStores: TrustStores.map(({ Name }) => Name),
    zones: HostedZones.map(({ Name }) => Name),
    identityProviders: OpenIDConnectProviderList.map(({ Arn }) => Arn),
    certificates: await namesIn(endpoint, "acm", "CertificateManager.ListCertificates", "CertificateArn"),
    rules: await namesIn(endpoint, "events", "AWSEvents.ListRules", "Name"),
    // A key that is to be deleted is there for some days more; its alias goes at once.
    keyAliases: await namesIn(endpoint, "kms", "TrentService.ListAliases", "AliasName"),
    topics: await topics(endpoint),
    buckets: await buckets(endpoint),
  };
  return {
    ...(await inventory(endpoint)),
    ...Object.fromEntries(
      Object.entries(found).map(([kind, names]) => [
        kind,
        names.filter((name) => name !== undefined).toSorted(),
      ]),
    ),
  };
}

async function namesIn(endpoint: string, service: string, target: string, field: string): Promise<string[]> {
  const text = await plainCall(endpoint, { service, target });
  return [...text.matchAll(new RegExp(`"${field}": ?"([^"]+)"`, "g"))].map(([, name = ""]) => name);
}

async function topics(endpoint: string): Promise<string[]> {
  const text = await plainCall(endpoint, {
    service: "sns",
    type: "application/x-www-form-urlencoded",
    body: "Action=ListTopics&Version=2010-03-31",
  });
  return [...text.matchAll(/<TopicArn>([^<]+)</g)].map(([, arn = ""]) => arn);
}

async function buckets(endpoint: string): Promise<string[]> {
  const authorization = `AWS4-HMAC-SHA256 Credential=local/20260101/${region}/s3/aws4_request, SignedHeaders=host, Signature=0`;
  const response = await fetch(endpoint, { headers: { authorization } });
  return [...(await response.text()).matchAll(/<Bucket>.*?<Name>([^<]+)</gs)].map(([, name = ""]) => name);
}
