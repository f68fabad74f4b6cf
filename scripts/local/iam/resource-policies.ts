/**
 * Policies that stand on resources: of S3 buckets, KMS keys, queues, topics, secrets, repositories and functions.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
 */
import { askJson, askText, type MotoAddress } from "./moto-calls.ts";
import { parsePolicy, type Policy } from "./policy.ts";

/** The policy of the resource that an ARN names; null where it has none. */
export async function resourcePolicyOf(moto: MotoAddress, arn: string): Promise<Policy | null> {
  const [, , service = "", , account = "", ...rest] = arn.split(":");
  const resource = rest.join(":");
  const document = await documentOf(moto, { service, account, resource, arn });
  return document === null || document === "" ? null : parsePolicy(`policy of ${arn}`, document);
}

interface Named {
  readonly service: string;
  readonly account: string;
  readonly resource: string;
  readonly arn: string;
}

async function documentOf(moto: MotoAddress, { service, resource, arn }: Named): Promise<string | null> {
  switch (service) {
    case "s3": {
      const [bucket = ""] = resource.split("/");
      return bucket === "" || bucket === "*" ? null : askText(moto, "s3", `/${bucket}?policy`);
    }
    case "kms": {
      if (!resource.startsWith("key/") || resource.includes("*")) return null;
      const KeyId = resource.slice("key/".length);
      return text(await askJson(moto, "kms", "GetKeyPolicy", { KeyId, PolicyName: "default" }), "Policy");
    }
    case "secretsmanager": {
      if (!resource.startsWith("secret:")) return null;
      return text(
        await askJson(moto, "secretsmanager", "GetResourcePolicy", { SecretId: arn }),
        "ResourcePolicy",
      );
    }
    case "ecr": {
      if (!resource.startsWith("repository/") || resource.includes("*")) return null;
      const repositoryName = resource.slice("repository/".length);
      return text(await askJson(moto, "ecr", "GetRepositoryPolicy", { repositoryName }), "policyText");
    }
    case "sqs":
      return queuePolicy(moto, resource);
    case "sns":
      return topicPolicy(moto, arn);
    case "lambda": {
      const name = /^function:([^:*]+)/.exec(resource)?.[1];
      if (name === undefined) return null;
      const answer = await askText(moto, "lambda", `/2015-03-31/functions/${name}/policy`);
      return answer === null ? null : text(JSON.parse(answer) as Record<string, unknown>, "Policy");
    }
    default:
      return null;
  }
}

async function queuePolicy(moto: MotoAddress, QueueName: string): Promise<string | null> {
  if (QueueName.includes("*")) return null;
  const QueueUrl = text(await askJson(moto, "sqs", "GetQueueUrl", { QueueName }), "QueueUrl");
  if (QueueUrl === null) return null;
  const answer = await askJson(moto, "sqs", "GetQueueAttributes", { QueueUrl, AttributeNames: ["Policy"] });
  const attributes = answer?.["Attributes"];
  return typeof attributes === "object" ? text(attributes as Record<string, unknown>, "Policy") : null;
}

async function topicPolicy(moto: MotoAddress, TopicArn: string): Promise<string | null> {
  const form = { Action: "GetTopicAttributes", Version: "2010-03-31", TopicArn };
  const answer = await askText(moto, "sns", "/", form);
  const value = /<key>Policy<\/key>\s*<value>([^<]*)<\/value>/.exec(answer ?? "")?.[1];
  return value === undefined ? null : unescapeXml(value);
}

function text(answer: Readonly<Record<string, unknown>> | null, member: string): string | null {
  const value = answer?.[member];
  return typeof value === "string" ? value : null;
}

/** Undoes the escaping of XML text. */
function unescapeXml(value: string): string {
  const entities: Readonly<Record<string, string>> = { quot: '"', apos: "'", lt: "<", gt: ">", amp: "&" };
  return value.replaceAll(/&(?:#(\d+)|(\w+));/g, (whole, code: string | undefined, name: string) =>
    code === undefined ? (entities[name] ?? whole) : String.fromCodePoint(Number(code)),
  );
}
