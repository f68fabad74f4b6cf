import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { request } from "node:http";
import { connect } from "node:net";
import os from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";

import {
  ApplicationAutoScalingClient,
  DeregisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import {
  AssociateKmsKeyCommand,
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  DisassociateKmsKeyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { DescribeSubnetsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { CreateClusterCommand, ECSClient } from "@aws-sdk/client-ecs";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DeleteRuleCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
  SetRulePrioritiesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import { startLocal, type LocalAws } from "../../scripts/local/start.ts";

jest.setTimeout(60_000);

let directory: string;
let local: LocalAws;

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), "local-gateway-"));
  local = await startLocal({ port: 0, quiet: true, directory, throttle: false });
});

afterAll(async () => {
  await local.stop();
  await rm(directory, { recursive: true, force: true });
});

const settings = () => ({
  endpoint: local.endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
});

function signed(service: string, region = "us-east-1"): string {
  return `AWS4-HMAC-SHA256 Credential=local/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
}

const listClusters = {
  "content-type": "application/x-amz-json-1.1",
  "x-amz-target": "AmazonEC2ContainerServiceV20141113.ListClusters",
};

/** Sends bytes as they are and gives what comes back until the other side closes. */
function exchange(bytes: string): Promise<string> {
  const { hostname, port } = new URL(local.endpoint);
  const socket = connect(Number(port), hostname);
  socket.write(bytes);
  return text(socket);
}

async function log(): Promise<string> {
  const [run = ""] = await readdir(directory);
  return readFile(path.join(directory, run, "gateway.log"), "utf8");
}

describe("a call that no client would send", () => {
  test.each(["//", "//:99999/%", "/%", "/?%zz=%", "http://foo:bar", "/_slipway/%"])(
    "to %s is answered, and is no error of the gateway's own",
    async (target) => {
      const answer = await exchange(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 [24]\d\d /);
      expect(await log()).not.toContain(" error ");
    },
  );

  test.each([
    ["null", "NULL_VALUE cannot be converted to Structure"],
    ["[]", "Start of list found where not expected"],
    ["{", "Unable to parse the request body as JSON"],
  ])("with the body %s is a SerializationException", async (body, message) => {
    const response = await fetch(local.endpoint, { method: "POST", headers: listClusters, body });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ __type: "SerializationException", message });
  });

  test.each([
    ["ecs", listClusters, "{}", 400, "InvalidSignatureException"],
    [
      "ec2",
      { "content-type": "application/x-www-form-urlencoded" },
      "Action=DescribeVpcs&Version=2016-11-15",
      401,
      "<Code>AuthFailure</Code>",
    ],
  ])("of %s for a Region that cannot be is refused", async (service, headers, body, status, code) => {
    for (const region of ["mars-9000", "__proto__", "us-east-1.evil"]) {
      const response = await fetch(local.endpoint, {
        method: "POST",
        headers: { ...(headers as Record<string, string>), authorization: signed(service, region) },
        body,
      });
      expect(response.status).toBe(status);
      const answer = await response.text();
      expect(answer).toContain(code);
      expect(answer).toContain("Credential should be scoped to a valid region");
    }
  });

  test("that is larger than any API takes is refused as its protocol says, and not kept in memory", async () => {
    const response = await fetch(local.endpoint, {
      method: "POST",
      headers: listClusters,
      body: Buffer.alloc(71 * 1024 * 1024, " "),
    });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ __type: "RequestEntityTooLargeException" });
  });

  test("that breaks off in the middle of its body leaves nothing in the log", async () => {
    const { hostname, port } = new URL(local.endpoint);
    const socket = connect(Number(port), hostname);
    const headers = `Host: x\r\nX-Amz-Target: ${listClusters["x-amz-target"]}\r\nContent-Length: 2000`;
    await new Promise((resolve) => socket.write(`POST / HTTP/1.1\r\n${headers}\r\n\r\n{`, resolve));
    socket.resetAndDestroy();
    expect((await fetch(local.endpoint, { method: "POST", headers: listClusters, body: "{}" })).status).toBe(
      200,
    );
    expect(await log()).not.toContain(" error ");
  });
});

describe("what passes through to moto", () => {
  test("arrives as it was sent, bytes and names alike, chunked or not", async () => {
    const bytes = randomBytes(3_000_000);
    const headers = { authorization: signed("s3") };
    expect((await fetch(`${local.endpoint}/bytes`, { method: "PUT", headers })).status).toBe(200);
    const key = `${local.endpoint}/bytes/a%20b+c/%C3%BC.bin`;
    const { hostname, port, pathname } = new URL(key);
    const status = await new Promise((resolve, reject) => {
      const put = request({ hostname, port, path: pathname, method: "PUT", headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      put.once("error", reject);
      put.write(bytes.subarray(0, 1000));
      put.end(bytes.subarray(1000));
    });
    expect(status).toBe(200);
    const got = await fetch(key, { headers });
    expect(Buffer.from(await got.arrayBuffer()).equals(bytes)).toBe(true);
    expect(got.headers.get("content-length")).toBe(String(bytes.length));
    const head = await fetch(key, { method: "HEAD", headers });
    expect(head.headers.get("content-length")).toBe(String(bytes.length));
  });

  test("is answered to a client that waits for 100 Continue", async () => {
    const headers = `Host: x\r\nConnection: close\r\nExpect: 100-continue\r\nX-Amz-Target: ${listClusters["x-amz-target"]}`;
    const answer = await exchange(`POST / HTTP/1.1\r\n${headers}\r\nContent-Length: 2\r\n\r\n{}`);
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
  });
});

describe("the timeline", () => {
  test("refuses a number that is none", async () => {
    const response = await fetch(`${local.endpoint}/_slipway/timeline?since=soon`);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ message: 'since is "soon", but must be a whole number.' });
  });

  test("keeps an entry short, however much a call names", async () => {
    const ecs = new ECSClient(settings());
    const name = "n".repeat(5000);
    await ecs.send(new CreateClusterCommand({ clusterName: name })).catch(() => undefined);
    const tasks = Array.from({ length: 90 }, (_, index) => `task-${index}`);
    await fetch(local.endpoint, {
      method: "POST",
      headers: { ...listClusters, "x-amz-target": "AmazonEC2ContainerServiceV20141113.DescribeTasks" },
      body: JSON.stringify({ tasks }),
    });
    const response = await fetch(`${local.endpoint}/_slipway/timeline?type=call`);
    const lines = (await response.text()).trim().split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(1500);
    expect(lines.at(-1)).toContain('"task-9","… and 80 more"');
  });
});

describe("a scalable target", () => {
  test("that is not registered is not found, as AWS says it", async () => {
    const client = new ApplicationAutoScalingClient(settings());
    const gone = client.send(
      new DeregisterScalableTargetCommand({
        ServiceNamespace: "ecs",
        ResourceId: "service/test/nobody",
        ScalableDimension: "ecs:service:DesiredCount",
      }),
    );
    await expect(gone).rejects.toMatchObject({ name: "ObjectNotFoundException" });
  });
});

describe("a log group", () => {
  const key = (name: string) => `arn:aws:kms:us-east-1:123456789012:key/${name}`;

  test("gets another key, loses it, and a new group of its name has none of that", async () => {
    const logs = new CloudWatchLogsClient(settings());
    const logGroupName = "/ecs/keyed";
    const keys = async () => {
      const { logGroups = [] } = await logs.send(
        new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }),
      );
      return logGroups.map(({ logGroupName: name, kmsKeyId }) => [name, kmsKeyId]);
    };
    await logs.send(new CreateLogGroupCommand({ logGroupName, kmsKeyId: key("first") }));
    await logs.send(new CreateLogGroupCommand({ logGroupName: `${logGroupName}-other` }));
    await logs.send(new AssociateKmsKeyCommand({ logGroupName, kmsKeyId: key("second") }));
    expect(await keys()).toEqual([
      [logGroupName, key("second")],
      [`${logGroupName}-other`, undefined],
    ]);
    const resourceIdentifier = `arn:aws:logs:us-east-1:123456789012:log-group:${logGroupName}`;
    await logs.send(new DisassociateKmsKeyCommand({ resourceIdentifier }));
    expect((await keys())[0]).toEqual([logGroupName, undefined]);
    await logs.send(new DeleteLogGroupCommand({ logGroupName }));
    await logs.send(new CreateLogGroupCommand({ logGroupName, kmsKeyId: key("third") }));
    expect((await keys())[0]).toEqual([logGroupName, key("third")]);
    await expect(
      logs.send(new AssociateKmsKeyCommand({ logGroupName: "/ecs", kmsKeyId: key("first") })),
    ).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    logs.destroy();
  });
});

describe("the rules of a listener", () => {
  test("are all there, beyond a page of moto's, and each change of one is seen by the next request", async () => {
    const elb = new ElasticLoadBalancingV2Client(settings());
    const { Subnets = [] } = await new EC2Client(settings()).send(new DescribeSubnetsCommand({}));
    const { LoadBalancers = [] } = await elb.send(
      new CreateLoadBalancerCommand({
        Name: "pages",
        Subnets: Subnets.slice(0, 2).map(({ SubnetId = "" }) => SubnetId),
      }),
    );
    const { Listeners = [] } = await elb.send(
      new CreateListenerCommand({
        LoadBalancerArn: LoadBalancers[0]?.LoadBalancerArn,
        Port: 80,
        Protocol: "HTTP",
        DefaultActions: [says("default")],
      }),
    );
    const rules: string[] = [];
    for (let priority = 1; priority <= 55; priority += 1) {
      const { Rules } = await elb.send(
        new CreateRuleCommand({
          ListenerArn: Listeners[0]?.ListenerArn,
          Priority: priority * 10,
          Conditions: [{ Field: "path-pattern", Values: [`/${priority}`] }],
          Actions: [says(`rule ${priority}`)],
        }),
      );
      rules.push(Rules?.[0]?.RuleArn ?? "");
    }
    const url = (await local.status()).listeners.find(({ loadBalancer }) => loadBalancer === "pages")?.url;
    const ask = async (route: string) => (await fetch(`${url ?? ""}${route}`)).text();
    expect([await ask("1"), await ask("50"), await ask("55"), await ask("56")]).toEqual([
      "rule 1",
      "rule 50",
      "rule 55",
      "default",
    ]);

    await elb.send(new ModifyRuleCommand({ RuleArn: rules[54], Actions: [says("modified")] }));
    expect(await ask("55")).toBe("modified");
    const all = [{ Field: "path-pattern", Values: ["/*"] }];
    await elb.send(new ModifyRuleCommand({ RuleArn: rules[0], Conditions: all }));
    expect(await ask("55")).toBe("rule 1");
    const RulePriorities = [{ RuleArn: rules[0], Priority: 9000 }];
    await elb.send(new SetRulePrioritiesCommand({ RulePriorities }));
    expect(await ask("55")).toBe("modified");
    await elb.send(new DeleteRuleCommand({ RuleArn: rules[54] }));
    expect(await ask("55")).toBe("rule 1");
    const { TargetGroups = [] } = await elb.send(
      new CreateTargetGroupCommand({ Name: "empty", Protocol: "HTTP", Port: 80, VpcId: Subnets[0]?.VpcId }),
    );
    const forward = [{ Type: "forward" as const, TargetGroupArn: TargetGroups[0]?.TargetGroupArn }];
    await elb.send(new ModifyRuleCommand({ RuleArn: rules[0], Actions: forward }));
    expect((await fetch(`${url ?? ""}55`)).status).toBe(503);
  });
});

function says(words: string) {
  return { Type: "fixed-response" as const, FixedResponseConfig: { StatusCode: "200", MessageBody: words } };
}
