import { CreatePolicyCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
  type LoadBalancer,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { CreateHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";
import { CreateClusterCommand, ECSClient } from "@aws-sdk/client-ecs";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";

import type { LocalProcess } from "../../scripts/bench/local-process.ts";
import { createQuickEnvironment } from "../../scripts/rehearsal/without-terraform.ts";

/** What stands before anything is staged. */
export interface StageSurroundings {
  readonly subnetIds: readonly string[];
  readonly hostedZoneId: string;
  readonly listenerArn: string;
  /** The text of environments.jsonc, as an object. */
  readonly environments: object;
}

/** Makes what the stacks would make: load balancers that environments `test` and `prod` share, a zone, a boundary. */
export async function prepareStage(
  local: LocalProcess,
  applications: readonly string[],
): Promise<StageSurroundings> {
  const { settings } = local;
  const { outputs } = await createQuickEnvironment(local, {
    name: "test",
    hosts: 2,
    instanceType: "t3.small",
  });
  const subnetIds = (outputs.get("private-subnet-ids") ?? "").split(",");
  const elb = new ElasticLoadBalancingV2Client(settings);
  const { LoadBalancers: [external] = [] } = await elb.send(
    new DescribeLoadBalancersCommand({ Names: ["test-external"] }),
  );
  const { LoadBalancers: [internal] = [] } = await elb.send(
    new CreateLoadBalancerCommand({ Name: "test-internal", Scheme: "internal", Subnets: subnetIds }),
  );
  for (const [balancer, Port] of [
    [internal, 80],
    [external, 8081],
  ] as const) {
    await elb.send(
      new CreateListenerCommand({
        LoadBalancerArn: balancer?.LoadBalancerArn,
        Protocol: "HTTP",
        Port,
        DefaultActions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } }],
      }),
    );
  }
  const certificateArn = await requestCertificate(local, "*.stage.example.com");
  const { HostedZone } = await new Route53Client(settings).send(
    new CreateHostedZoneCommand({ Name: "example.com", CallerReference: "test" }),
  );
  const { Policy } = await new IAMClient(settings).send(
    new CreatePolicyCommand({
      PolicyName: "task-boundary",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "ssm:*", Resource: "*" }],
      }),
    }),
  );
  await new ECSClient(settings).send(new CreateClusterCommand({ clusterName: "prod" }));
  const published: Readonly<Record<string, string>> = {
    ...Object.fromEntries(outputs),
    ...(await outputsOf(elb, "external", external)),
    ...(await outputsOf(elb, "internal", internal)),
    "task-boundary-arn": Policy?.Arn ?? "",
  };
  const ssm = new SSMClient(settings);
  for (const environment of ["test", "prod"]) {
    for (const [output, Value] of Object.entries(published)) {
      const Name = `/slipway/${environment}/${output}`;
      await ssm.send(new PutParameterCommand({ Name, Value, Type: "String", Overwrite: true }));
    }
  }
  const hostedZoneId = (HostedZone?.Id ?? "").replace("/hostedzone/", "");
  return {
    subnetIds,
    hostedZoneId,
    listenerArn: published["alb-external-listener-arn"] ?? "",
    environments: environmentsFile(hostedZoneId, certificateArn, applications),
  };
}

async function outputsOf(
  elb: ElasticLoadBalancingV2Client,
  variant: string,
  balancer: LoadBalancer | undefined,
): Promise<Readonly<Record<string, string>>> {
  const { Listeners: [listener] = [] } = await elb.send(
    new DescribeListenersCommand({ LoadBalancerArn: balancer?.LoadBalancerArn }),
  );
  return {
    [`alb-${variant}-arn`]: balancer?.LoadBalancerArn ?? "",
    [`alb-${variant}-dns-name`]: balancer?.DNSName ?? "",
    [`alb-${variant}-zone-id`]: balancer?.CanonicalHostedZoneId ?? "Z35SXDOTRQ7X7K",
    [`alb-${variant}-listener-arn`]: listener?.ListenerArn ?? "",
  };
}

/** A call of ACM's API by hand: the project has no client for it. */
async function requestCertificate({ endpoint, region }: LocalProcess, DomainName: string): Promise<string> {
  const answer = await fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "CertificateManager.RequestCertificate",
      authorization: `AWS4-HMAC-SHA256 Credential=local/20250101/${region}/acm/aws4_request, SignedHeaders=host, Signature=none`,
    },
    body: JSON.stringify({ DomainName }),
  });
  const { CertificateArn } = (await answer.json()) as { CertificateArn: string };
  return CertificateArn;
}

/** Quick to become healthy and to drain, so that tests are. */
const targetGroup = {
  healthCheck: { intervalSeconds: 5, timeoutSeconds: 2, path: "/" },
  deregistrationDelaySeconds: 20,
};

function environmentsFile(
  hostedZoneId: string,
  certificateArn: string,
  applications: readonly string[],
): object {
  const stage = { by: "stage", targetGroup };
  const service = (blueGreen: object, networkMode = "awsvpc") => ({
    containerPort: 80,
    networkMode,
    blueGreen,
  });
  const environment = (cidr: string) => ({
    region: "us-east-1",
    network: { cidr, zones: ["us-east-1a", "us-east-1b"] },
    loadBalancers: { external: {}, internal: {} },
    cluster: { ec2: { instanceType: "t3.small", min: 0, desired: 2, max: 4 } },
    domain: { name: "example.com", hostedZoneId },
    services: {
      web: service(stage),
      api: service(stage),
      plain: service(stage),
      hosted: service(stage, "bridge"),
      inner: service({ ...stage, loadBalancer: "internal", host: "inner.internal.example.com" }),
      secure: service({ ...stage, listener: { port: 8443, protocol: "HTTPS", certificateArn } }),
      odd: service({ ...stage, listener: { port: 8081, protocol: "HTTPS", certificateArn } }),
      ...Object.fromEntries(applications.map((name) => [name, service(stage)])),
      rolling: { containerPort: 80, networkMode: "awsvpc" },
    },
  });
  const test = environment("10.9.0.0/16");
  const prod = environment("10.10.0.0/16");
  return {
    environments: {
      test,
      prod: {
        ...prod,
        services: { web: { ...test.services.web, blueGreen: { ...stage, host: "www.example.com" } } },
      },
    },
  };
}
