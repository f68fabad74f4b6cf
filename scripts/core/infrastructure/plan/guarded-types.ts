/** Why a resource is not to be replaced or destroyed by the way. */
export interface Guard {
  readonly kind: "state" | "traffic" | "access";
  /** What is lost or interrupted, in one sentence. */
  readonly why: string;
  /** Its replacement is harmless; only its end is not. */
  readonly onlyWhenDestroyed?: true;
}

const traffic = (why: string): Guard => ({ kind: "traffic", why });
const state = (why: string): Guard => ({ kind: "state", why });
const access = (why: string): Guard => ({ kind: "access", why });
const atItsEnd = (guard: Guard): Guard => ({ ...guard, onlyWhenDestroyed: true });

const loadBalancer = traffic(
  "Its DNS name and addresses go: every client is cut off until names point to the new one.",
);
const listener = traffic(
  "Nothing answers on its port meanwhile, and its rules go with it, those of deployments too.",
);
const rule = atItsEnd(traffic("Requests that it matched get the listener's default answer."));
const targetGroup = traffic(
  "Its targets go with it: services that are registered in it serve nobody until redeployed.",
);
const securityGroupRule = atItsEnd(traffic("What it let through is refused from that moment on."));
const role = access("Who holds or assumes it is refused at once: running tasks, hosts or pipelines.");

/**
 * The types of which a replacement or an end is flagged, each with why: what keeps something that can't be had again,
 * carries requests, or lets others in. Types that are not here can be made anew with nobody noticing.
 */
export const guardedTypes: Readonly<Record<string, Guard>> = {
  aws_alb: loadBalancer,
  aws_lb: loadBalancer,
  aws_alb_listener: listener,
  aws_lb_listener: listener,
  aws_alb_listener_rule: rule,
  aws_lb_listener_rule: rule,
  aws_alb_listener_certificate: traffic(
    "Clients that ask for its names get the wrong certificate meanwhile.",
  ),
  aws_lb_listener_certificate: traffic("Clients that ask for its names get the wrong certificate meanwhile."),
  aws_alb_target_group: targetGroup,
  aws_lb_target_group: targetGroup,
  aws_lb_trust_store: traffic("Clients with certificates are refused without it."),
  aws_acm_certificate: traffic("HTTPS needs it; a new one waits for its validation."),
  aws_acm_certificate_validation: atItsEnd(traffic("HTTPS listeners wait for it.")),
  aws_wafv2_web_acl_association: traffic("Requests go through unfiltered meanwhile."),
  aws_wafv2_web_acl: traffic("Requests go through unfiltered meanwhile."),
  aws_route53_zone: traffic(
    "A new zone has other name servers: every name in it is gone until the registrar knows them.",
  ),
  aws_route53_record: traffic("The name does not resolve meanwhile, and resolvers remember that."),
  aws_service_discovery_private_dns_namespace: traffic("Services find each other by its names."),

  aws_vpc: traffic("Everything in it is made anew: subnets, load balancers, hosts and tasks."),
  aws_subnet: traffic("Load balancer nodes, hosts and tasks in it have to go first."),
  aws_vpc_ipv4_cidr_block_association: traffic("Subnets in its range have to go first."),
  aws_internet_gateway: traffic(
    "Nothing reaches the VPC from the internet, or the internet from it, meanwhile.",
  ),
  aws_nat_gateway: traffic(
    "Hosts and tasks reach nothing outside meanwhile: image pulls and AWS calls fail.",
  ),
  aws_eip: traffic("The address goes back to AWS: others have to let in the new one."),
  aws_route_table: traffic("Subnets lose their way out meanwhile."),
  aws_route_table_association: traffic(
    "The subnet takes the VPC's main routes meanwhile, which lead nowhere outside.",
  ),
  aws_route: traffic("Subnets lose their way out meanwhile."),
  aws_security_group: traffic("Tasks and hosts keep the old one, whose removal waits until they are gone."),
  aws_vpc_security_group_ingress_rule: securityGroupRule,
  aws_vpc_security_group_egress_rule: securityGroupRule,
  aws_vpc_endpoint: traffic("Calls to that AWS service from private subnets fail meanwhile."),
  aws_vpc_peering_connection: traffic("The other VPC is out of reach meanwhile."),

  aws_ecs_cluster: traffic("Services and tasks have to be gone first; AWS refuses otherwise."),
  aws_ecs_service: traffic("Its tasks are stopped."),
  aws_ecs_capacity_provider: traffic("Services that name it can't place tasks meanwhile."),
  aws_ecs_cluster_capacity_providers: traffic(
    "Services without a strategy of their own can't place tasks meanwhile.",
  ),
  aws_autoscaling_group: traffic("Its hosts are terminated, with the tasks on them."),
  aws_instance: traffic("It is terminated, with what runs on it."),
  aws_codedeploy_app: access("Its deployment groups and their history go with it."),
  aws_codedeploy_deployment_group: access("Services that CodeDeploy moves can't be deployed meanwhile."),

  aws_ecr_repository: state("Its images go with it: running services can't start another task."),
  aws_s3_bucket: state("Its objects go with it; a bucket's name may be gone for good."),
  aws_s3_bucket_policy: atItsEnd(access("Who writes or reads by it is refused.")),
  aws_kms_key: state("What is encrypted with it can never be read again once it is deleted."),
  aws_kms_alias: atItsEnd(access("Who names the key by it finds none.")),
  aws_cloudwatch_log_group: state("Its log lines go with it."),
  aws_dynamodb_table: state("Its items go with it."),
  aws_db_instance: state("Its data goes with it."),
  aws_rds_cluster: state("Its data goes with it."),
  aws_elasticache_replication_group: state("Its data goes with it."),
  aws_efs_file_system: state("Its files go with it."),
  aws_ebs_volume: state("Its data goes with it."),
  aws_secretsmanager_secret: state("Its values go with it, and its name is taken for days."),
  aws_sns_topic: state(
    "Its subscriptions go with it, and each has to be confirmed anew: alarms reach nobody.",
  ),
  aws_sns_topic_subscription: atItsEnd(
    access("What it reported reaches nobody; a mail address has to confirm anew."),
  ),
  aws_sqs_queue: state("Its messages go with it."),

  aws_iam_role: role,
  aws_iam_instance_profile: access("Hosts lose their credentials: they drop out of the cluster."),
  aws_iam_user: access("Its keys and what they sign are refused at once."),
  aws_iam_access_key: access("What signs with it is refused at once."),
  aws_iam_openid_connect_provider: access("Pipelines can't assume their roles meanwhile."),
  aws_iam_role_policy: atItsEnd(access("What it allowed is refused from that moment on.")),
  aws_iam_policy: atItsEnd(access("What it allowed is refused from that moment on.")),
  aws_iam_role_policy_attachment: atItsEnd(access("What it allowed is refused from that moment on.")),
};

/** The guard of a type if this action touches it. */
export function guardOf(type: string, action: "replace" | "destroy"): Guard | undefined {
  const guard = Object.hasOwn(guardedTypes, type) ? guardedTypes[type] : undefined;
  return guard?.onlyWhenDestroyed === true && action === "replace" ? undefined : guard;
}
