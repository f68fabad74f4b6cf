import { CreateVpcCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  CreateOpenIDConnectProviderCommand,
  type IAMClient,
  UpdateAccessKeyCommand,
} from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import type { LocalForTests } from "../helpers/local-for-tests.ts";
import {
  account,
  allow,
  assumeRole,
  assumed,
  cli,
  policyOf,
  roleWith,
  root,
  servicesOf,
  sessionOf,
  settings,
  startWithIam,
  trusting,
  userWith,
  type Keys,
} from "../helpers/local-iam.ts";

jest.setTimeout(60_000);

let world: Awaited<ReturnType<typeof startWithIam>>;
let local: LocalForTests;
let iam: IAMClient;

beforeAll(async () => {
  world = await startWithIam();
  ({ local, iam } = world);
});

afterAll(async () => {
  await world.stop();
});

const describeIn = (keys: Keys, cluster: string) => world.describeIn(keys, cluster);

describe("a role", () => {
  test("is assumed by whom its trust policy names, and its session may do what the role may", async () => {
    const user = await userWith(local);
    const other = await userWith(local);
    const trust = trusting({ AWS: `arn:aws:iam::${account}:user/${user.name}` });
    const role = await roleWith(local, trust, allow("ecs:DescribeServices", servicesOf("test")));
    const session = await assumed(local, user, role.arn);
    const arn = `arn:aws:sts::${account}:assumed-role/${role.name}/run`;
    const identity = await cli(local, session, "sts", "get-caller-identity");
    expect(JSON.parse(identity.stdout)).toMatchObject({ Arn: arn });
    await expect(describeIn(session, "test")).resolves.toBeDefined();
    await expect(describeIn(session, "prod")).rejects.toThrow(`User: ${arn} is not authorized to perform`);
    const refused = await assumeRole(local, other, role.arn);
    expect(refused.stderr.trim()).toMatch(
      new RegExp(
        `\\(AccessDenied\\) when calling the AssumeRole operation: User: arn:aws:iam::${account}:user/${other.name} ` +
          `is not authorized to perform: sts:AssumeRole on resource: ${role.arn}$`,
      ),
    );
  });

  test("that trusts the account is assumed by those whose own policies allow it", async () => {
    const role = await roleWith(local, trusting({ AWS: `arn:aws:iam::${account}:root` }), allow("*", "*"));
    const [may, mayNot] = [await userWith(local, allow("sts:AssumeRole", role.arn)), await userWith(local)];
    expect((await assumeRole(local, mayNot, role.arn)).stderr).toContain("AccessDenied");
    await expect(describeIn(await assumed(local, may, role.arn), "test")).resolves.toBeDefined();
  });

  test("can be narrowed for a session", async () => {
    const role = await roleWith(local, trusting({ AWS: account }), allow("*", "*"));
    const narrow = policyOf(allow("ecs:DescribeServices", servicesOf("test")));
    const session = await assumed(local, root, role.arn, "--policy", narrow);
    await expect(describeIn(session, "test")).resolves.toBeDefined();
    await expect(describeIn(session, "prod")).rejects.toThrow(
      "because no session policy allows the ecs:DescribeServices action",
    );
  });

  test("is assumed with a token of its repository alone, from a provider that IAM knows", async () => {
    const issuer = "token.actions.githubusercontent.com";
    const claims = { iss: `https://${issuer}`, aud: "sts.amazonaws.com", exp: Date.now() / 1000 + 600 };
    const token = (sub: string, more: object = {}) =>
      ["e30", Buffer.from(JSON.stringify({ ...claims, sub, ...more })).toString("base64url"), "x"].join(".");
    const Federated = `arn:aws:iam::${account}:oidc-provider/${issuer}`;
    const condition = {
      StringEquals: {
        [`${issuer}:aud`]: "sts.amazonaws.com",
        [`${issuer}:sub`]: "repo:us/web:environment:test",
      },
    };
    const trust = trusting({ Federated }, "sts:AssumeRoleWithWebIdentity", condition);
    const role = await roleWith(local, trust, allow("ecs:DescribeServices", servicesOf("test")));
    const showing = (webIdentityToken: string) =>
      cli(
        local,
        null,
        "sts",
        "assume-role-with-web-identity",
        "--role-arn",
        role.arn,
        "--role-session-name",
        "ci",
        "--web-identity-token",
        webIdentityToken,
      );
    const ours = token("repo:us/web:environment:test");
    expect((await showing(ours)).stderr).toContain("No OpenIDConnect provider found in your account");
    const ClientIDList = ["sts.amazonaws.com"];
    await iam.send(
      new CreateOpenIDConnectProviderCommand({
        Url: `https://${issuer}`,
        ClientIDList,
        ThumbprintList: ["a".repeat(40)],
      }),
    );
    const session = sessionOf(await showing(ours));
    await expect(describeIn(session, "test")).resolves.toBeDefined();
    await expect(describeIn(session, "prod")).rejects.toMatchObject({ name: "AccessDeniedException" });
    expect((await showing(token("repo:them/web:environment:test"))).stderr).toContain(
      "(AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity",
    );
    expect((await showing(token("repo:us/web:environment:test", { aud: "other" }))).stderr).toContain(
      "Incorrect token audience",
    );
    expect((await showing(token("repo:us/web:environment:test", { exp: 1 }))).stderr).toContain(
      "ExpiredToken",
    );
  });
});

describe("a key", () => {
  test("of the root user may do everything", async () => {
    const identity = await cli(local, root, "sts", "get-caller-identity");
    expect(JSON.parse(identity.stdout)).toEqual({
      UserId: account,
      Account: account,
      Arn: `arn:aws:iam::${account}:root`,
    });
    const vpc = await new EC2Client(settings(local, root)).send(
      new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }),
    );
    expect(vpc.Vpc?.VpcId).toBeDefined();
  });

  test("that nobody was given is refused, as is one with a wrong secret or token, or that is inactive", async () => {
    const user = await userWith(local, allow("*", "*"));
    const role = await roleWith(local, trusting({ AWS: account }), allow("*", "*"));
    const session = await assumed(local, root, role.arn);
    const unknown = {
      name: "UnrecognizedClientException",
      message: "The security token included in the request is invalid.",
    };
    await expect(
      describeIn({ accessKeyId: "AKIANOBODY", secretAccessKey: "x" }, "test"),
    ).rejects.toMatchObject(unknown);
    await expect(describeIn({ ...session, sessionToken: "other" }, "test")).rejects.toMatchObject(unknown);
    for (const wrong of [root, user, session]) {
      await expect(describeIn({ ...wrong, secretAccessKey: "wrong" }, "test")).rejects.toMatchObject({
        name: "InvalidSignatureException",
      });
    }
    await expect(describeIn(user, "test")).resolves.toBeDefined();
    const off = { UserName: user.name, AccessKeyId: user.accessKeyId, Status: "Inactive" } as const;
    await iam.send(new UpdateAccessKeyCommand(off));
    await expect(describeIn(user, "test")).rejects.toMatchObject(unknown);
  });

  test("is needed: a call that is not signed is refused", async () => {
    const unsigned = await cli(local, null, "ecs", "list-clusters");
    expect(unsigned.stderr).toContain("MissingAuthenticationToken");
  });
});

describe("a bucket's policy", () => {
  test("lets others read and keeps even administrators out", async () => {
    const bucket = "arn:aws:s3:::shared-records";
    const [reader, administrator] = [await userWith(local), await userWith(local, allow("*", "*"))];
    const put = async (...statements: object[]) =>
      cli(
        local,
        root,
        "s3api",
        "put-bucket-policy",
        "--bucket",
        "shared-records",
        "--policy",
        policyOf(...statements),
      );
    const listed = (keys: Keys | null) =>
      cli(local, keys, "s3api", "list-objects-v2", "--bucket", "shared-records");
    await cli(local, root, "s3api", "create-bucket", "--bucket", "shared-records");
    expect((await listed(reader)).failed).toBe(true);
    expect((await listed(null)).stderr).toContain("(AccessDenied)");
    const AWS = `arn:aws:iam::${account}:user/${reader.name}`;
    const grant = { Effect: "Allow", Principal: { AWS }, Action: "s3:ListBucket", Resource: bucket };
    expect(await put(grant)).toMatchObject({ exitCode: 0 });
    expect((await listed(reader)).exitCode).toBe(0);
    expect((await listed(administrator)).exitCode).toBe(0);
    const deny = { Effect: "Deny", NotPrincipal: { AWS }, Action: "s3:ListBucket", Resource: bucket };
    await put(grant, deny);
    expect((await listed(reader)).exitCode).toBe(0);
    expect((await listed(administrator)).stderr).toContain(
      "with an explicit deny in a resource-based policy",
    );
  });
});
