import { describe, expect, test } from "@jest/globals";

import type { RolloutSubject } from "../../scripts/core/capacity/rollout.ts";
import type { Decision } from "../../scripts/core/ports/iam.ts";
import { checkFargateSize } from "../../scripts/core/verify/check-fargate.ts";
import { checkImages, ecrImage } from "../../scripts/core/verify/check-images.ts";
import { checkSecrets } from "../../scripts/core/verify/check-secrets.ts";
import { checkTargetGroups } from "../../scripts/core/verify/check-target-groups.ts";
import type { Answer, Facts } from "../../scripts/core/verify/facts.ts";
import { configDigestOf, platformsOf } from "../../scripts/core/verify/image-manifest.ts";
import { secretReference } from "../../scripts/core/verify/secret-reference.ts";
import { allows } from "../../scripts/core/verify/security-rules.ts";
import { trustOf } from "../../scripts/core/verify/trust-policy.ts";

const account = "123456789012";
const roleArn = `arn:aws:iam::${account}:role/ecs/test_execution`;
const secretArn = `arn:aws:secretsmanager:us-east-1:${account}:secret:db-AbCdEf`;

/** An AWS that may not be asked anything but what the test says. */
function factsWith(known: Partial<Facts>): Facts {
  const unread = (): Promise<Answer<never>> => Promise.resolve({ kind: "unread", why: "not asked" });
  const names = [
    "image",
    "role",
    "simulate",
    "secret",
    "secretHasPolicy",
    "parameter",
    "logGroup",
    "alarm",
  ] as const;
  const more = ["cluster", "capacityProvider", "hosts", "subnet", "securityGroup", "instance"] as const;
  const others = ["targetGroup", "loadBalancer"] as const;
  const all = Object.fromEntries([...names, ...more, ...others].map((name) => [name, unread]));
  return { ...(all as unknown as Facts), ...known };
}

function found<Value>(value: Value): () => Promise<Answer<Value>> {
  return () => Promise.resolve({ kind: "found", value });
}

function subjectWith(
  taskDefinition: Partial<RolloutSubject["taskDefinition"]>,
  service: RolloutSubject["service"] = {},
): RolloutSubject {
  const definition = {
    family: "web",
    containerDefinitions: [{ name: "web", image: "web:1" }],
    ...taskDefinition,
  };
  return {
    serviceName: "web",
    cluster: "test",
    taskDefinition: definition,
    service,
  };
}

describe("the trust of a role", () => {
  const caller = { service: "ecs-tasks.amazonaws.com", partition: "aws", account, region: "us-east-1" };
  const Principal = { Service: ["ec2.amazonaws.com", "ecs-tasks.amazonaws.com"] };
  const trust = (...Statement: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement });
  const allow = { Effect: "Allow", Action: "sts:AssumeRole", Principal };

  test.each<[string, string, string]>([
    ["a plain statement", trust(allow), "trusts"],
    ["a single statement that is no list", JSON.stringify({ Statement: allow }), "trusts"],
    ["another service", trust({ ...allow, Principal: { Service: "ecs.amazonaws.com" } }), "doesNotTrust"],
    ["another action", trust({ ...allow, Action: "sts:TagSession" }), "doesNotTrust"],
    ["a denial beside it", trust(allow, { ...allow, Effect: "Deny" }), "doesNotTrust"],
    [
      "the right account and ARN of the source",
      trust({
        ...allow,
        Condition: {
          StringEquals: { "aws:SourceAccount": account },
          ArnLike: { "aws:SourceArn": `arn:aws:ecs:us-east-1:${account}:*` },
        },
      }),
      "trusts",
    ],
    [
      "another account",
      trust({ ...allow, Condition: { StringEquals: { "aws:SourceAccount": "999999999999" } } }),
      "doesNotTrust",
    ],
    [
      "another region in the source's ARN",
      trust({ ...allow, Condition: { ArnLike: { "aws:SourceArn": `arn:aws:ecs:eu-west-1:${account}:*` } } }),
      "doesNotTrust",
    ],
    [
      "a condition that nobody here understands",
      trust({ ...allow, Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } }),
      "unclear",
    ],
    ["text that is no policy", "{", "unclear"],
  ])("is read right with %s", (_, policy, kind) => {
    expect(trustOf(policy, caller).kind).toBe(kind);
  });
});

describe("a valueFrom", () => {
  test.each([
    [secretArn, { kind: "secret", arn: secretArn, region: "us-east-1" }],
    [`${secretArn}:key::`, { kind: "secret", arn: secretArn, region: "us-east-1", jsonKey: "key" }],
    [
      `${secretArn}::AWSPREVIOUS:`,
      { kind: "secret", arn: secretArn, region: "us-east-1", versionStage: "AWSPREVIOUS" },
    ],
    [
      `arn:aws:ssm:eu-west-1:${account}:parameter/shop/key`,
      { kind: "parameter", name: "/shop/key", region: "eu-west-1", account },
    ],
    [
      `arn:aws:ssm:eu-west-1:${account}:parameter/key`,
      { kind: "parameter", name: "key", region: "eu-west-1", account },
    ],
    ["/shop/key", { kind: "parameter", name: "/shop/key", region: "us-east-1" }],
    ["key", { kind: "parameter", name: "key", region: "us-east-1" }],
  ])("%s is understood", (valueFrom, reference) => {
    expect(secretReference(valueFrom, "us-east-1")).toEqual(reference);
  });
});

describe("a secret that the execution role is to read", () => {
  const subject = subjectWith({
    executionRoleArn: roleArn,
    containerDefinitions: [{ name: "web", image: "web:1", secrets: [{ name: "A", valueFrom: secretArn }] }],
  });
  const secret = { arn: secretArn, isDeleted: false, versionStages: { v1: ["AWSCURRENT"] } };
  const decision =
    (decided: Decision["decision"]): Facts["simulate"] =>
    (_, [action = ""], [resource = ""]) =>
      found([{ action, resource, decision: decided, missingContextKeys: [] }])();
  const access = async (facts: Partial<Facts>): Promise<string | undefined> => {
    const all = factsWith({ secret: found(secret), ...facts });
    const checks = await checkSecrets(subject, "us-east-1", all, { withAccess: true });
    return checks.find(({ name }) => name.endsWith("access"))?.status;
  };

  test("is OK where the simulation allows it, and FAILED where nothing does", async () => {
    expect(await access({ simulate: decision("allowed") })).toBe("ok");
    expect(await access({ simulate: decision("explicitDeny") })).toBe("failed");
    expect(await access({ simulate: decision("implicitDeny"), secretHasPolicy: found(false) })).toBe(
      "failed",
    );
  });

  test("is SKIPPED where the secret's own policy may allow it, or nobody may ask", async () => {
    expect(await access({ simulate: decision("implicitDeny"), secretHasPolicy: found(true) })).toBe(
      "skipped",
    );
    expect(await access({})).toBe("skipped");
  });

  test("needs its own key as well", async () => {
    const keyed = { ...secret, kmsKeyId: `arn:aws:kms:us-east-1:${account}:key/1` };
    const asked: string[] = [];
    const simulate: Facts["simulate"] = (arn, actions, resources) => {
      asked.push(...actions);
      return decision(actions[0] === "kms:Decrypt" ? "explicitDeny" : "allowed")(arn, actions, resources);
    };
    expect(await access({ secret: found(keyed), simulate })).toBe("failed");
    expect(asked).toEqual(["secretsmanager:GetSecretValue", "kms:Decrypt"]);
  });

  test("is asked of Secrets Manager where a registry's credentials name it without an ARN", async () => {
    const asked: string[] = [];
    const facts = factsWith({
      secret: (id) => {
        asked.push(id);
        return found(secret)();
      },
      parameter: () => Promise.resolve({ kind: "missing" }),
    });
    const repositoryCredentials = { credentialsParameter: "registry-login" };
    const signedIn = subjectWith({
      containerDefinitions: [{ name: "web", image: "web:1", repositoryCredentials }],
    });
    const checks = await checkSecrets(signedIn, "us-east-1", facts, { withAccess: false });
    expect(checks).toMatchObject([{ name: "secret registry-login", status: "ok" }]);
    expect(asked).toEqual(["registry-login"]);
  });

  test("is SKIPPED where it is a parameter that another account shares", async () => {
    const facts = factsWith({ parameter: () => Promise.resolve({ kind: "missing" }) });
    const statusOf = async (valueFrom: string): Promise<string | undefined> => {
      const secrets = [{ name: "A", valueFrom }];
      const reader = subjectWith({
        executionRoleArn: roleArn,
        containerDefinitions: [{ name: "web", image: "web:1", secrets }],
      });
      return (await checkSecrets(reader, "us-east-1", facts, { withAccess: false }))[0]?.status;
    };
    expect(await statusOf("arn:aws:ssm:us-east-1:999999999999:parameter/shop/key")).toBe("skipped");
    expect(await statusOf(`arn:aws:ssm:us-east-1:${account}:parameter/shop/key`)).toBe("failed");
  });

  test("is FAILED where it is about to be deleted or has no value", async () => {
    for (const broken of [
      { ...secret, isDeleted: true },
      { ...secret, versionStages: {} },
    ]) {
      const facts = factsWith({ secret: found(broken) });
      const checks = await checkSecrets(subject, "us-east-1", facts, { withAccess: true });
      expect(checks.map(({ status }) => status)).toEqual(["failed"]);
    }
  });
});

describe("an image", () => {
  const image = `${account}.dkr.ecr.eu-west-1.amazonaws.com/team/web`;
  const onFargate = { launchType: "FARGATE" } as const;
  const statusOf = async (
    facts: Partial<Facts>,
    definition: Partial<RolloutSubject["taskDefinition"]> = {},
  ): Promise<string | undefined> => {
    const subject = subjectWith({ containerDefinitions: [{ name: "web", image }], ...definition }, onFargate);
    return (await checkImages(subject, factsWith(facts)))[0]?.status;
  };

  test("is looked for in the account and region that its registry names, by digest where there is one", () => {
    const where = { registryId: account, region: "eu-west-1", repository: "team/web" };
    const digest = `sha256:${"a".repeat(64)}`;
    expect(ecrImage(`${image}:1@${digest}`)).toEqual({ ...where, tag: "1", digest });
    expect(ecrImage(image)).toEqual(where);
    expect(ecrImage(`${account}.dkr.ecr.cn-north-1.amazonaws.com.cn/web:1`)?.region).toBe("cn-north-1");
    expect(ecrImage("public.ecr.aws/nginx/nginx:1")).toBeUndefined();
    expect(ecrImage(`evil.${account}.dkr.ecr.eu-west-1.amazonaws.com.example.com/web:1`)).toBeUndefined();
  });

  test("for arm64 alone does not run on Fargate's default, and does where the definition asks for it", async () => {
    const arm = { image: found({ digest: "sha256:1", platforms: ["linux/arm64"] }) };
    expect(await statusOf(arm)).toBe("failed");
    expect(await statusOf(arm, { runtimePlatform: { cpuArchitecture: "ARM64" } })).toBe("ok");
  });

  test("that is not there fails, and one that may not be asked for is skipped", async () => {
    expect(await statusOf({ image: () => Promise.resolve({ kind: "missing" }) })).toBe("failed");
    expect(await statusOf({})).toBe("skipped");
  });

  test("tells its platforms by its manifest list, without attestations, or names its configuration", () => {
    const platform = (os: string, architecture: string): object => ({ platform: { os, architecture } });
    const list = { manifests: [platform("linux", "amd64"), platform("unknown", "unknown")] };
    expect(platformsOf(JSON.stringify(list))).toEqual(["linux/amd64"]);
    expect(platformsOf(JSON.stringify({ config: { digest: "sha256:1" } }))).toBeUndefined();
    expect(configDigestOf(JSON.stringify({ config: { digest: "sha256:1" } }))).toBe("sha256:1");
    expect(platformsOf("no JSON")).toBeUndefined();
  });
});

describe("security group rules", () => {
  const pair = { IpProtocol: "tcp", FromPort: 8000, ToPort: 8100, UserIdGroupPairs: [{ GroupId: "sg-lb" }] };

  test.each([
    ["the group and the port", [pair], { from: 8080, to: 8080 }, "yes"],
    ["too few ports", [pair], { from: 8080, to: 8200 }, "no"],
    ["another group", [{ ...pair, UserIdGroupPairs: [{ GroupId: "sg-x" }] }], { from: 8080, to: 8080 }, "no"],
    ["UDP", [{ ...pair, IpProtocol: "udp" }], { from: 8080, to: 8080 }, "no"],
    [
      "everything from anywhere",
      [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
      { from: 1, to: 9 },
      "yes",
    ],
    [
      "some addresses",
      [{ ...pair, UserIdGroupPairs: [], IpRanges: [{ CidrIp: "10.0.0.0/16" }] }],
      { from: 8080, to: 8080 },
      "perhaps",
    ],
  ])("with %s are read right", (_, rules, range, answer) => {
    expect(allows(rules, ["sg-lb"], range)).toBe(answer);
  });
});

describe("a target group's health check", () => {
  const arn = `arn:aws:elasticloadbalancing:us-east-1:${account}:targetgroup/web/1`;
  const group = {
    TargetGroupArn: arn,
    TargetType: "instance" as const,
    Protocol: "HTTP" as const,
    LoadBalancerArns: ["arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/lb/1"],
    HealthCheckProtocol: "HTTP" as const,
    HealthCheckPath: "/",
    Matcher: { HttpCode: "200" },
    HealthCheckTimeoutSeconds: 5,
    HealthCheckIntervalSeconds: 10,
  };
  const subject = subjectWith(
    { containerDefinitions: [{ name: "web", image: "web:1", portMappings: [{ containerPort: 80 }] }] },
    { loadBalancers: [{ targetGroupArn: arn, containerName: "web", containerPort: 80 }] },
  );

  test.each([
    ["is sane", {}, "ok"],
    ["has a path without a slash", { HealthCheckPath: "health" }, "failed"],
    ["counts nothing as healthy", { Matcher: {} }, "failed"],
    [
      "takes its whole interval, as those of Network Load Balancers may",
      { HealthCheckTimeoutSeconds: 10 },
      "ok",
    ],
    ["times out after its interval", { HealthCheckTimeoutSeconds: 11 }, "failed"],
    ["is off", { HealthCheckEnabled: false }, "failed"],
  ])("that %s is told", async (_, change, status) => {
    const checks = await checkTargetGroups(
      subject,
      factsWith({ targetGroup: found({ ...group, ...change }) }),
    );
    expect(checks.find(({ name }) => name.endsWith("health check"))?.status).toBe(status);
  });
});

describe("a target group's protocol", () => {
  test.each([
    ["UDP", "udp", "ok"],
    ["QUIC", "udp", "ok"],
    ["TCP_QUIC", "udp", "ok"],
    ["TLS", "udp", "failed"],
    ["QUIC", "tcp", "failed"],
  ] as const)("%s to a container's %s port is %s", async (Protocol, protocol, status) => {
    const arn = `arn:aws:elasticloadbalancing:us-east-1:${account}:targetgroup/web/1`;
    const portMappings = [{ containerPort: 443, protocol }];
    const subject = subjectWith(
      { containerDefinitions: [{ name: "web", image: "web:1", portMappings }] },
      { loadBalancers: [{ targetGroupArn: arn, containerName: "web", containerPort: 443 }] },
    );
    const checks = await checkTargetGroups(subject, factsWith({ targetGroup: found({ Protocol }) }));
    expect(checks.find(({ name }) => name.endsWith("container port"))?.status).toBe(status);
  });
});

describe("a service on Fargate", () => {
  test("whose definition is for EC2 alone, or of no size of Fargate's, fails", () => {
    const onFargate = { launchType: "FARGATE" } as const;
    const size = { networkMode: "awsvpc", cpu: "256", memory: "512" } as const;
    expect(checkFargateSize(subjectWith(size, onFargate)).map(({ status }) => status)).toEqual(["ok"]);
    expect(checkFargateSize(subjectWith({ ...size, memory: "777" }, onFargate))[0]?.status).toBe("failed");
    const onlyEc2 = subjectWith({ ...size, requiresCompatibilities: ["EC2"] }, onFargate);
    expect(checkFargateSize(onlyEc2)[0]?.status).toBe("failed");
    expect(checkFargateSize(subjectWith(size, { launchType: "EC2" }))).toEqual([]);
  });
});
