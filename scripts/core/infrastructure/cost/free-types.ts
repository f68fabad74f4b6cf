/** What AWS does not charge for by itself, as beginnings of Terraform's types. */
const free: readonly string[] = [
  "aws_iam_",
  "aws_vpc_security_group_",
  "aws_security_group",
  "aws_default_security_group",
  "aws_route_table",
  "aws_route53_record",
  "aws_ssm_parameter",
  "aws_alb_",
  "aws_acm_certificate",
  "aws_ecs_cluster_capacity_providers",
  "aws_ecs_capacity_provider",
  "aws_autoscaling_",
  "aws_codedeploy_",
  "aws_flow_log",
  "aws_wafv2_web_acl_association",
  "aws_kms_alias",
  "aws_kms_key_policy",
  "aws_cloudwatch_event_rule",
  "aws_cloudwatch_event_target",
  "aws_cloudwatch_log_resource_policy",
  "aws_sns_topic",
  "aws_s3_bucket",
  "aws_ecr_lifecycle_policy",
  "aws_ecr_repository",
  "aws_ecr_pull_through_cache_rule",
  "aws_ecr_registry_",
];

const freeExactly: ReadonlySet<string> = new Set([
  "aws_vpc",
  "aws_subnet",
  "aws_internet_gateway",
  "aws_route",
]);

/** Whether a resource of this type costs nothing itself; what passes through it or is kept in it may. */
export function isFree(type: string): boolean {
  return freeExactly.has(type) || free.some((beginning) => type.startsWith(beginning));
}
