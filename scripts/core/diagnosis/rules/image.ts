/**
 * Why an image could not be pulled.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html
 */
import { containerOf, pullingRole, type Facts, type Said } from "../facts.ts";
import type { Rule } from "./rule.ts";

/** In order: the first that fits says it. What narrows more stands first. */
export const imageRules: readonly Rule[] = [
  {
    kind: "imagePlatform",
    pattern:
      /does not contain descriptor matching platform '?([\w/.-]+?)'?(?:[\s"',:;]|$)|no matching manifest for ([\w/.-]+)|no match for platform in manifest/i,
    say: ([, newer, older], facts) => wrongPlatform(newer ?? older, facts),
  },
  {
    kind: "imagePlatform",
    pattern: /exec format error|cannot be used on this platform|image operating system "\w+" cannot/i,
    say: (_, facts) => wrongPlatform(undefined, facts),
  },
  {
    kind: "registryLimit",
    pattern: /toomanyrequests|pull rate limit|CannotPullContainer.*Too Many Requests/i,
    say: (_, facts) => ({
      cause: `The registry refused to hand out image ${imageOf(facts)}: its limit of pulls is used up.`,
      remedy:
        "Sign in to the registry (repositoryCredentials of the container), or copy the image to ECR or an ECR pull-through cache.",
    }),
  },
  {
    kind: "diskFull",
    pattern: /no space left on device|Thin Pool has \d+ free data blocks/i,
    say: (_, facts) => ({
      cause: `The disk was full when image ${imageOf(facts)} was unpacked or its container created.`,
      remedy: facts.onFargate
        ? "Raise ephemeralStorage.sizeInGiB in the task definition, or make the image smaller."
        : "Free or enlarge the hosts' disk (docker system prune there, or a larger volume in the launch template).",
    }),
  },
  {
    kind: "unreachable",
    pattern:
      /connection issue between the task|Check (?:your|the|that) (?:task )?network|network connection between|i\/o timeout|request canceled|context (?:deadline exceeded|canceled)|no such host|TLS handshake timeout|connection (?:refused|reset)|network is unreachable|x509: |send request failed|signal: killed/i,
    say: (_, facts, text) => unreachable(facts, text),
  },
  {
    kind: "registryDenied",
    pattern:
      /not authorized to perform: (ecr:\w+)|Check that the role has the permissions to pull|no basic auth credentials|pull access denied|failed to authorize|CannotPull\w*: .*\b(?:unauthorized|denied|401 Unauthorized|403 Forbidden)\b|AccessDeniedException.*(ecr:\w+)/is,
    say: ([, action, otherAction], facts, text) => denied(action ?? otherAction, facts, text),
  },
  {
    kind: "imageNotFound",
    pattern:
      /CannotPull\w*: .*(?:failed to resolve ref|manifest|repository|image|API error \(404\))[^]*?(?:: not found|not found|unknown|does not exist)|\b(?:manifest unknown|name unknown|requested image not found)\b|^CannotPullImageManifestError: .*not found/i,
    say: (_, facts) => ({
      cause: `The registry has no image ${imageOf(facts)} (${containerOf(facts)}).`,
      remedy: notFoundRemedy(facts),
    }),
  },
];

function wrongPlatform(platform: string | undefined, facts: Facts): Said {
  const wanted = platform ?? platformOf(facts);
  const cpu = wanted.includes("arm64") ? "ARM64" : "X86_64";
  const other = cpu === "ARM64" ? "X86_64" : "ARM64";
  return {
    cause: `Image ${imageOf(facts)} (${containerOf(facts)}) is not built for ${wanted}, on which the task runs.`,
    remedy: `Build it with docker buildx build --platform ${wanted}, or, if it is meant for ${other}, set runtimePlatform.cpuArchitecture to ${other} in the task definition.`,
  };
}

function platformOf({ revision }: Facts): string {
  return revision?.runtimePlatform?.cpuArchitecture === "ARM64" ? "linux/arm64" : "linux/amd64";
}

function unreachable(facts: Facts, text: string): Said {
  const url = /https:\/\/([\w.-]+)/.exec(text)?.[1];
  const what = url ?? thingNotReached(text);
  const from = facts.onFargate ? "the tasks' subnets" : "the subnets of the hosts";
  return {
    cause: `The task could not reach ${what} over the network${/x509: /.test(text) ? ": its certificate was not accepted" : ""}.`,
    remedy: `Give ${from} a way there: a NAT gateway, VPC endpoints (ecr.api, ecr.dkr, s3, logs, secretsmanager, ssm), or${facts.onFargate ? " assignPublicIp ENABLED in a public subnet" : " a public address"}; and let the security group send to port 443.`,
  };
}

function thingNotReached(text: string): string {
  if (/asm|secrets ?manager/i.test(text)) return "Secrets Manager";
  if (/ssm|systems manager|parameter store/i.test(text)) return "Parameter Store";
  if (/logger|log (?:stream|group)|cloudwatch/i.test(text)) return "CloudWatch Logs";
  return /ecr/i.test(text) ? "ECR" : "the registry";
}

function denied(action: string | undefined, facts: Facts, text: string): Said {
  const image = imageOf(facts);
  const fromEcr =
    action !== undefined || /\.dkr\.ecr\.|ecr-fips|Check that the role/i.test(`${image} ${text}`);
  const who = /assumed-role\/([^/\s]+)/.exec(text)?.[1];
  const role = who === undefined ? pullingRole(facts) : `role ${who}`;
  return fromEcr
    ? {
        cause: `ECR does not let ${role} pull image ${image}${action === undefined ? "" : ` (${action})`}.`,
        remedy: `Allow it ecr:GetAuthorizationToken, ecr:BatchGetImage and ecr:GetDownloadUrlForLayer, as ${facts.onFargate ? "AmazonECSTaskExecutionRolePolicy" : "AmazonEC2ContainerServiceforEC2Role"} does, and check that the repository is there and its own policy allows the account.`,
      }
    : {
        cause: `The registry refuses image ${image} (${containerOf(facts)}): it is private, or there is no such repository.`,
        remedy:
          "Check the image's name; for a private registry give the container repositoryCredentials with a secret that holds user name and password.",
      };
}

function notFoundRemedy(facts: Facts): string {
  const ecr = /\.dkr\.ecr[^/]*\/([^:@]+)/.exec(imageOf(facts))?.[1];
  const look = ecr === undefined ? "" : ` (aws ecr describe-images --repository-name ${ecr} lists them)`;
  return `Push the image under that name, or deploy one that is there${look}.`;
}

function imageOf({ image }: Facts): string {
  return image ?? "of the task";
}
