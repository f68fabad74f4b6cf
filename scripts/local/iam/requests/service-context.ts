/**
 * What a call has for the condition keys of its own service.
 */
import type { Context } from "../pattern.ts";
import { ecsContext } from "./ecs.ts";
import type { AskingCall, Surroundings } from "./asked.ts";
import { identityContext } from "./iam.ts";
import { textIn, textsIn, type Parameters } from "./parameters.ts";

type Members = Readonly<Record<string, string>>;

/** Condition keys that are a member of the request as it is, by service. */
const plain: Readonly<Record<string, Members>> = {
  "application-autoscaling": {
    ServiceNamespace: "application-autoscaling:service-namespace",
    ScalableDimension: "application-autoscaling:scalable-dimension",
  },
  autoscaling: {
    LaunchConfigurationName: "autoscaling:LaunchConfigurationName",
    LoadBalancerNames: "autoscaling:LoadBalancerNames",
    MaxSize: "autoscaling:MaxSize",
    MinSize: "autoscaling:MinSize",
    TargetGroupARNs: "autoscaling:TargetGroupARNs",
  },
  elasticloadbalancing: {
    Protocol: "elasticloadbalancing:ListenerProtocol",
    Scheme: "elasticloadbalancing:Scheme",
    SecurityGroups: "elasticloadbalancing:SecurityGroup",
    SslPolicy: "elasticloadbalancing:SecurityPolicy",
    Subnets: "elasticloadbalancing:Subnet",
  },
  events: { Source: "events:source", "detail-type": "events:detail-type" },
  route53: {
    RecordActions: "route53:ChangeResourceRecordSetsActions",
    RecordNames: "route53:ChangeResourceRecordSetsNormalizedRecordNames",
    RecordTypes: "route53:ChangeResourceRecordSetsRecordTypes",
  },
  secretsmanager: {
    KmsKeyId: "secretsmanager:KmsKeyId",
    Name: "secretsmanager:Name",
    SecretId: "secretsmanager:SecretId",
    VersionId: "secretsmanager:VersionId",
    VersionStage: "secretsmanager:VersionStage",
  },
  sns: { Endpoint: "sns:Endpoint", Protocol: "sns:Protocol" },
  ssm: { Overwrite: "ssm:Overwrite", Recursive: "ssm:Recursive" },
};

/** The keys of a call's own service, ECS, IAM, STS and EC2 included. */
export function serviceContext(call: AskingCall, { state }: Surroundings): Context {
  switch (call.service) {
    case "ecs":
      return ecsContext(call, state.ecs);
    case "iam":
    case "sts":
      return identityContext(call);
    case "ec2":
      return ec2Context(call);
    default:
      return members(call.parameters, plain[call.service] ?? {});
  }
}

function members(parameters: Parameters, keys: Members): Context {
  return Object.fromEntries(
    Object.entries(keys).flatMap(([member, key]) => {
      const values = textsIn(parameters, member);
      const [only] = values;
      return only === undefined ? [] : [[key, values.length === 1 ? only : values]];
    }),
  );
}

function ec2Context({ region, account, parameters }: AskingCall): Context {
  const vpc = textIn(parameters, "VpcId");
  const type = textIn(parameters, "InstanceType");
  return {
    "ec2:Region": region,
    ...(vpc !== null && { "ec2:Vpc": `arn:aws:ec2:${region}:${account}:vpc/${vpc}` }),
    ...(type !== null && { "ec2:InstanceType": type }),
  };
}
