import { describe, expect, test } from "@jest/globals";

import type { DiagnosisKind } from "../../scripts/core/diagnosis.ts";
import { readReason } from "../../scripts/core/diagnosis/read-reason.ts";
import type { Facts } from "../../scripts/core/diagnosis/facts.ts";

const facts: Facts = {
  service: "shop",
  container: "app",
  image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/shop:1.2",
  onFargate: true,
  revision: { executionRoleArn: "arn:aws:iam::111122223333:role/ecs/shop_execution" },
};
const secretArn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:db-AbCdEf";
const notAllowed = (action: string, resource: string): string =>
  `AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/shop_execution/0123 is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;
const retrieval =
  "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed:";

/** Published by AWS, its agent, or in public logs: on Fargate and on EC2, in old and in new wordings. */
const published: readonly (readonly [DiagnosisKind, string, string])[] = [
  [
    "imageNotFound",
    "CannotPullContainerError: API error (404): repository 111122223333.dkr.ecr.us-east-1.amazonaws.com/shop not found",
    "no image 111122223333.dkr.ecr",
  ],
  [
    "imageNotFound",
    "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref docker.io/library/shop:1.2: docker.io/library/shop:1.2: not found",
    "no image",
  ],
  [
    "imageNotFound",
    'CannotPullContainerError: inspect image has been retried 1 time(s): failed to resolve ref "docker.io/library/shop:1.2": docker.io/library/shop:1.2: not found',
    "no image",
  ],
  [
    "imageNotFound",
    "CannotPullContainerError: Error response from daemon: manifest for shop:1.2 not found: manifest unknown: Requested image not found",
    "no image",
  ],
  [
    "imageNotFound",
    "CannotPullImageManifestError: Error response from daemon: manifest unknown: Requested image not found",
    "no image",
  ],
  [
    "imagePlatform",
    "CannotPullContainerError: pull image manifest has been retried 7 time(s): image Manifest does not contain descriptor matching platform 'linux/amd64'",
    "not built for linux/amd64",
  ],
  [
    "imagePlatform",
    "CannotPullContainerError: Error response from daemon: no matching manifest for linux/arm64/v8 in the manifest list entries",
    "not built for linux/arm64",
  ],
  [
    "imagePlatform",
    "CannotStartContainerError: Error response from daemon: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec /app: exec format error: unknown",
    "not built for linux/amd64",
  ],
  [
    "registryLimit",
    "CannotPullContainerError: inspect image has been retried 5 time(s): httpReaderSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/shop/manifests/1.2: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit.",
    "limit of pulls",
  ],
  [
    "diskFull",
    "CannotPullContainerError: write /var/lib/docker/tmp/GetImageBlob111111111: no space left on device",
    "disk was full",
  ],
  [
    "diskFull",
    "CannotCreateContainerError: API error (500): devmapper: Thin Pool has 4350 free data blocks which is less than minimum required 4454 free data blocks.",
    "disk was full",
  ],
  [
    "registryDenied",
    `CannotPullContainerError: The task can’t pull the image. Check that the role has the permissions to pull images from the registry. Error response from daemon: pull access denied for 111122223333.dkr.ecr.us-east-1.amazonaws.com/shop, repository does not exist or may require 'docker login': denied: User: arn:aws:sts::111122223333:assumed-role/Broken/xyz is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:us-east-1:111122223333:repository/shop`,
    "ECR does not let role Broken pull image",
  ],
  [
    "registryDenied",
    `${retrieval} unable to retrieve ecr registry auth: service call has been retried 1 time(s): ${notAllowed("ecr:GetAuthorizationToken", "*")}`,
    "(ecr:GetAuthorizationToken)",
  ],
  [
    "registryDenied",
    'CannotPullContainerError: inspect image has been retried 1 time(s): failed to resolve ref "ghcr.io/acme/shop:1": failed to authorize: failed to fetch anonymous token: unexpected status: 403 Forbidden',
    "pull image",
  ],
  [
    "unreachable",
    "CannotPullContainerError: API error (500): Get https://111122223333.dkr.ecr.us-east-1.amazonaws.com/v2/: net/http: request canceled while waiting for connection",
    "could not reach 111122223333.dkr.ecr.us-east-1.amazonaws.com",
  ],
  [
    "unreachable",
    'CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref docker.io/acme/shop:2: failed to do request: Head "https://registry-1.docker.io/v2/acme/shop/manifests/2": dial tcp 34.205.13.154:443: i/o timeout',
    "could not reach registry-1.docker.io",
  ],
  [
    "unreachable",
    'ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull registry auth from Amazon ECR: There is a connection issue between the task and Amazon ECR. Check your task network configuration. RequestError: send request failed caused by: Post "https://api.ecr.us-east-1.amazonaws.com/": dial tcp 44.213.79.86:443: i/o timeout',
    "could not reach api.ecr.us-east-1.amazonaws.com",
  ],
  [
    "unreachable",
    `${retrieval} unable to retrieve secrets from ssm: service call has been retried 5 time(s): RequestCanceled: request context canceled caused by: context deadline exceeded`,
    "could not reach Parameter Store",
  ],
  [
    "unreachable",
    `${retrieval} unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret ${secretArn} from secrets manager: RequestCanceled: request context canceled`,
    "could not reach Secrets Manager",
  ],
  [
    "unreachable",
    "ResourceInitializationError: The task cannot pull secrets from AWS Systems Manager Parameter Store. Check your network connection between the task and AWS Systems Manager.",
    "could not reach Parameter Store",
  ],
  [
    "unreachable",
    "ResourceInitializationError: failed to validate logger args: : signal: killed",
    "could not reach CloudWatch Logs",
  ],
  [
    "secretMissing",
    `${retrieval} unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: /shop/db,/shop/key`,
    "Parameter /shop/db, /shop/key is not in Parameter Store",
  ],
  [
    "secretMissing",
    `${retrieval} unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret ${secretArn} from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret.`,
    "Secret db-AbCdEf is not in Secrets Manager",
  ],
  [
    "secretMissing",
    `ResourceInitializationError: unable to pull secrets or registry auth: The task can't retrieve the secret with ARN '${secretArn}' from AWS Secrets Manager. Check whether the secret exists in the specified Region: ResourceNotFoundException: Secrets Manager can't find the specified secret.`,
    "Secret db-AbCdEf is not",
  ],
  [
    "secretMissing",
    `Fetching secret data from AWS Secrets Manager in region us-east-1: secret ${secretArn}: ResourceNotFoundException: Secrets Manager can't find the specified secret.`,
    "Secret db-AbCdEf is not",
  ],
  [
    "secretMissing",
    `${retrieval} unable to retrieve secret from asm: service call has been retried 1 time(s): retrieved secret from Secrets Manager did not contain json key password`,
    "has no key password",
  ],
  [
    "secretDenied",
    `${retrieval} unable to retrieve secrets from ssm: service call has been retried 1 time(s): ${notAllowed("ssm:GetParameters", "arn:aws:ssm:us-east-1:111122223333:parameter/shop/db")}`,
    "Execution role shop_execution may not read /shop/db (ssm:GetParameters)",
  ],
  [
    "secretDenied",
    `Fetching secret data from AWS Secrets Manager in region us-east-1: secret ${secretArn}: ${notAllowed("secretsmanager:GetSecretValue", secretArn)}`,
    "may not read db-AbCdEf (secretsmanager:GetSecretValue)",
  ],
  [
    "secretDenied",
    `${retrieval} unable to retrieve secret from asm: failed to fetch secret ${secretArn} from secrets manager: AccessDeniedException: Access to KMS is not allowed`,
    "may not decrypt db-AbCdEf",
  ],
  [
    "logGroupMissing",
    "CannotStartContainerError: Error response from daemon: failed to initialize logging driver: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist.",
    "does not exist",
  ],
  [
    "logGroupMissing",
    "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. : exit status 1",
    "does not exist",
  ],
  [
    "logGroupMissing",
    "ResourceInitializationError: The task cannot find the Amazon CloudWatch log group defined in the task definition. There is a connection issue.",
    "does not exist",
  ],
  [
    "logsDenied",
    `ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ${notAllowed("logs:CreateLogStream", "arn:aws:logs:us-east-1:111122223333:log-group:/ecs/shop:log-stream:x")}`,
    "may not open the log of the task (logs:CreateLogStream)",
  ],
  [
    "roleUnusable",
    "ECS was unable to assume the role 'arn:aws:iam::111122223333:role/ecs/shop' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.",
    "cannot assume role shop",
  ],
  [
    "cannotStart",
    'CannotStartContainerError: Error response from daemon: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/usr/local/env-execute": stat /usr/local/env-execute: no such file or directory: unknown',
    "/usr/local/env-execute is not in the image",
  ],
  [
    "cannotStart",
    'CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: failed to create shim: OCI runtime create failed: starting container process caused: exec: "node": executable file not found in $PATH: unknown',
    "node is not in the image",
  ],
  [
    "cannotStart",
    'CannotStartContainerError: Error response from daemon: OCI runtime create failed: exec: "/app/entrypoint.sh": permission denied: unknown',
    "/app/entrypoint.sh may not be executed",
  ],
  [
    "cannotStart",
    'CannotStartContainerError: Error response from daemon: error gathering device information while adding custom device "/dev/dri/renderD130": no such file or directory',
    "renderD130",
  ],
  [
    "portInUse",
    "CannotStartContainerError: Error response from daemon: driver failed programming external connectivity on endpoint ecs-shop: Bind for 0.0.0.0:80 failed: port is already allocated",
    "Host port 80",
  ],
  [
    "noNetworkInterface",
    "Timeout waiting for network interface provisioning to complete.",
    "no network interface",
  ],
  [
    "noNetworkInterface",
    "Unexpected EC2 error while attempting to Create Network Interface in subnet 'subnet-1': InsufficientFreeAddressesInSubnet",
    "no free address",
  ],
  [
    "noCapacity",
    "Capacity is unavailable at this time. Please try again later or in a different availability zone",
    "no capacity",
  ],
  ["hostLost", "Your Spot Task was interrupted.", "Spot capacity"],
  ["hostLost", "Host EC2 (instance i-0123456789abcdef0) terminated.", "host under the task was terminated"],
  [
    "volume",
    "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: mount.nfs4: Connection reset by peer : unsuccessful EFS utils command execution; code: 32",
    "volume",
  ],
];

describe("AWS's words for a task that did not start", () => {
  test.each(published)("%s: %s", (kind, words, part) => {
    const read = readReason(words, facts);
    expect(read).toMatchObject({ kind, cause: expect.stringContaining(part) });
    expect(read?.cause).toMatch(/^[A-Z].*\.$/s);
    expect(read?.remedy).toMatch(/^[A-Z].*\.$/s);
  });

  test.each(["", "Task stopped by user", "Essential container in task exited", "hotspot-api was drained"])(
    "are not read into %j",
    (words) => {
      expect(readReason(words, facts)).toBeUndefined();
    },
  );

  test("name who pulls: on Fargate the execution role, on EC2 the hosts' own", () => {
    const words = "CannotPullContainerError: no basic auth credentials";
    expect(readReason(words, facts)?.cause).toContain("execution role shop_execution");
    expect(readReason(words, { ...facts, onFargate: false })?.cause).toContain("the instance role");
  });

  test("tell a private registry from ECR", () => {
    const words =
      "CannotPullContainerError: pull access denied for acme/shop, repository does not exist or may require 'docker login'";
    expect(readReason(words, { ...facts, image: "acme/shop:1" })?.remedy).toContain("repositoryCredentials");
  });

  test("name the container's own log group, of several", () => {
    const log = (group: string): Facts["definition"] => ({
      logConfiguration: {
        logDriver: "awslogs",
        options: { "awslogs-group": group, "awslogs-region": "eu-west-1" },
      },
    });
    const words =
      "CannotStartContainerError: Error response from daemon: failed to initialize logging driver: ResourceNotFoundException: The specified log group does not exist.";
    const definition = log("/ecs/shop");
    const revision = { containerDefinitions: [log("/ecs/other") ?? {}, definition ?? {}] };
    const cause = readReason(words, {
      ...facts,
      revision,
      ...(definition === undefined ? {} : { definition }),
    })?.cause;
    expect(cause).toBe("Log group /ecs/shop does not exist in eu-west-1.");
  });

  test("are read to an end however long they are", () => {
    for (const hostile of [
      "failed to resolve ref ".repeat(50_000),
      "AccessDenied ".repeat(50_000),
      'exec: "'.repeat(50_000),
    ]) {
      expect(() => readReason(hostile, facts)).not.toThrow();
    }
  });
});
