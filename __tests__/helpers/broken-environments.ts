/** A file that is right, and what somebody does to it. */

/** A text of the file, and what stands in its place. */
export type Edit = readonly [text: string, replacement: string];

/** What is wrong, how it came about, and what is said of it: line, column, path and message, all of them in order. */
export type BrokenFile = readonly [title: string, edits: readonly Edit[], said: readonly string[]];

/** Two environments, with everything that the mistakes are made in. */
export const base = `{
  "state": { "in": "local" },
  "environments": {
    "test": {
      "region": "eu-west-1",
      "network": { "cidr": "10.0.0.0/16", "zones": ["eu-west-1a", "eu-west-1b"] },
      "loadBalancers": {
        "external": {
          "listenerPort": 80,
          "targetGroups": { "ip": { "healthCheck": { "intervalSeconds": 10, "timeoutSeconds": 5 } } },
          "rules": [{ "priority": 40010, "hosts": ["shop.example.com"], "targetGroup": "ip" }]
        }
      },
      "cluster": {
        "ec2": { "instanceType": "t3.small", "min": 1, "desired": 2, "max": 4 }
      },
      "domain": { "name": "example.com" },
      "services": {
        "web": { "containerPort": 8080, "networkMode": "bridge" },
        "api": { "containerPort": 8080, "networkMode": "awsvpc", "blueGreen": { "by": "ecs", "priority": 40020 } }
      }
    },
    "live": {
      "region": "eu-west-1",
      "network": { "cidr": "10.1.0.0/16", "zones": 3 },
      "cluster": { "ec2": null }
    }
  }
}
`;

/** The file with the edits, each of which has to meet something. */
export function edited(edits: readonly Edit[]): string {
  return edits.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`There is no ${from} in the file.`);
    return text.replace(from, () => to);
  }, base);
}

const testAccount = '"test": {\n      "account": "111111111111",';
const liveAccount = '"live": {\n      "account": "222222222222",';
const liveNetwork = '"network": { "cidr": "10.1.0.0/16", "zones": 3 }';
const hosts = '"ec2": { "instanceType": "t3.small", "min": 1, "desired": 2, "max": 4 }';
const web = '"web": { "containerPort": 8080, "networkMode": "bridge" }';
const state = '"state": { "in": "local" }';

/** The broken files. */
export const cases: readonly BrokenFile[] = [
  [
    "two networks overlap",
    [["10.1.0.0/16", "10.0.128.0/17"]],
    [
      '25:28 $.environments.live.network.cidr: 10.0.128.0/17 overlaps 10.0.0.0/16 of environment "test", so the two could never be connected. Choose a block of its own.',
    ],
  ],
  [
    "a network does not start where its prefix does",
    [["10.1.0.0/16", "10.1.2.0/16"]],
    [
      "25:28 $.environments.live.network.cidr: 10.1.2.0/16 does not start where its prefix does. The block around it is 10.1.0.0/16.",
    ],
  ],
  [
    "a network is too small",
    [["10.1.0.0/16", "10.1.0.0/24"]],
    [
      "25:28 $.environments.live.network.cidr: 10.1.0.0/24 is too small for subnets that hold a load balancer. Use a /16 to a /23.",
    ],
  ],
  [
    "there is one zone",
    [['"eu-west-1a", "eu-west-1b"', '"eu-west-1a"']],
    [
      '6:52 $.environments.test.network.zones: ["eu-west-1a"] is too small: at least 2 entries are needed. Availability zones: their names, as in us-east-1a, or how many of the region\'s to take. Names stay put when AWS adds a zone. The order decides the subnets: append, never insert.',
    ],
  ],
  [
    "a zone is of another Region",
    [["eu-west-1b", "us-east-1b"]],
    [
      '6:67 $.environments.test.network.zones[1]: "us-east-1b" is not a zone of eu-west-1; those are named as in eu-west-1a.',
    ],
  ],
  [
    "a zone stands twice",
    [["eu-west-1b", "eu-west-1a"]],
    [
      '6:67 $.environments.test.network.zones[1]: "eu-west-1a" stands twice. Name each zone once; at least two are needed.',
    ],
  ],
  [
    "a Region is misspelt",
    [
      [
        '"region": "eu-west-1",\n      "network": { "cidr": "10.1',
        '"region": "eu-wset-1",\n      "network": { "cidr": "10.1',
      ],
    ],
    [
      '24:17 $.environments.live.region: "eu-wset-1" is no Region that the installed AWS SDK knows. Did you mean "eu-west-1"? One that is newer is known after an update of @aws-sdk/client-route-53 and npm run generate.',
    ],
  ],
  [
    "max is none",
    [['"max": 4', '"max": 0']],
    ["15:77 $.environments.test.cluster.ec2.max: 0 is too small: at least 1. Most hosts."],
  ],
  [
    "desired is above max",
    [['"desired": 2', '"desired": 5']],
    [
      "15:67 $.environments.test.cluster.ec2.desired: desired 5 is not between min 1 and max 4. Change one of them.",
    ],
  ],
  [
    "min is above max",
    [['"min": 1, "desired": 2, "max": 4', '"min": 3, "desired": 3, "max": 2']],
    ["15:53 $.environments.test.cluster.ec2.min: min 3 is above max 2. Lower min or raise max."],
  ],
  [
    "an instance type is misspelt",
    [["t3.small", "t3.smal"]],
    [
      '15:34 $.environments.test.cluster.ec2.instanceType: "t3.smal" is no instance type that the installed AWS SDK knows. Did you mean "t3.small"? Sizes of t3: 2xlarge, large, medium, micro, nano, small, xlarge. One that is newer is known after an update of @aws-sdk/client-ec2 and npm run generate.',
    ],
  ],
  [
    "an instance type has no such size",
    [["t3.small", "t3.24xlarge"]],
    [
      '15:34 $.environments.test.cluster.ec2.instanceType: "t3.24xlarge" is no instance type that the installed AWS SDK knows. Did you mean "t3.2xlarge"? Sizes of t3: 2xlarge, large, medium, micro, nano, small, xlarge. One that is newer is known after an update of @aws-sdk/client-ec2 and npm run generate.',
    ],
  ],
  [
    "an instance type's processor is not the image's",
    [["t3.small", "m7g.large"]],
    [
      '15:34 $.environments.test.cluster.ec2.instanceType: "m7g.large" has an arm64 processor, and the group\'s architecture is x86_64: its image would not start. Set architecture to "arm64", or choose another type, as in t3.small.',
    ],
  ],
  [
    "an architecture is not the type's",
    [['"t3.small"', '"t3.small", "architecture": "arm64"']],
    [
      '15:34 $.environments.test.cluster.ec2.instanceType: "t3.small" has an x86_64 processor, and the group\'s architecture is arm64: its image would not start. Set architecture to "x86_64", or choose a Graviton type, as in t4g.small.',
    ],
  ],
  [
    "hosts are Macs",
    [["t3.small", "mac1.metal"]],
    [
      '15:34 $.environments.test.cluster.ec2.instanceType: "mac1.metal" is a Mac, for which ECS has no image. Choose another type, as in t3.small.',
    ],
  ],
  [
    "an instance type stands twice",
    [['"t3.small"', '"t3.small", "otherInstanceTypes": ["t3a.small", "t3.small"]']],
    [
      '15:82 $.environments.test.cluster.ec2.otherInstanceTypes[1]: "t3.small" stands twice. Name each type once.',
    ],
  ],
  [
    "Spot is asked for and could never be",
    [['"max": 4', '"max": 4, "spot": { "onDemandBase": 4 }']],
    [
      "15:106 $.environments.test.cluster.ec2.spot.onDemandBase: 4 hosts are On-Demand first, and there are 4 at most: none would be Spot. Lower it, or remove spot.",
    ],
  ],
  [
    "hosts could never be replaced",
    [['"max": 4', '"max": 4, "refresh": { "maxHealthyPercent": 100 }']],
    [
      "15:114 $.environments.test.cluster.ec2.refresh.maxHealthyPercent: With 100 at least and 100 at most no host could be replaced. Raise maxHealthyPercent, or lower minHealthyPercent.",
    ],
  ],
  [
    "a fixed port leaves no room for a rollout",
    [
      ['"min": 1, "desired": 2, "max": 4', '"min": 1, "desired": 1, "max": 1'],
      [web, '"web": { "containerPort": 80, "networkMode": "host" }'],
    ],
    [
      '15:77 $.environments.test.cluster.ec2.max: Service "web" has a fixed port, so a rollout needs a host more than there are tasks, and max 1 leaves no room for one. Raise it, or set targetCapacityPercent to 100 if its deployments stop a task before they start one.',
    ],
  ],
  [
    "two services want one port of a host",
    [
      [
        web,
        '"web": { "containerPort": 80, "networkMode": "bridge", "hostPort": 8080 },\n        "admin": { "containerPort": 8080, "networkMode": "host" }',
      ],
    ],
    [
      '20:37 $.environments.test.services.admin.containerPort: Port 8080 of a host is taken by service "web", and no host could run both. Choose another port, let ECS choose (network mode bridge without hostPort), or give one of them hosts of its own in extraInstanceGroups.',
    ],
  ],
  [
    "a service wants a port that the host has itself",
    [[web, '"web": { "containerPort": 22, "networkMode": "host" }']],
    [
      "19:35 $.environments.test.services.web.containerPort: Port 22 of a host is its own (SSH, Docker, the agent of ECS). Choose another.",
    ],
  ],
  [
    "a service wants a port that ECS gives to others",
    [[web, '"web": { "containerPort": 80, "networkMode": "bridge", "hostPort": 40000 }']],
    [
      "19:76 $.environments.test.services.web.hostPort: Port 40000 is among those that ECS gives to other tasks (32768 to 65535). Choose one below.",
    ],
  ],
  [
    "a service needs hosts, and there are none",
    [[hosts, '"ec2": null']],
    [
      "19:56 $.environments.test.services.web.networkMode: In network mode bridge tasks run on hosts, and the environment has none. Use awsvpc, or describe hosts in cluster.ec2.",
    ],
  ],
  [
    "a host port where tasks have addresses",
    [[web, '"web": { "containerPort": 80, "networkMode": "awsvpc", "hostPort": 80 }']],
    [
      "19:76 $.environments.test.services.web.hostPort: In network mode awsvpc the host port is the container's. Remove hostPort.",
    ],
  ],
  [
    "a port is none",
    [['"containerPort": 8080, "networkMode": "bridge"', '"containerPort": 80800, "networkMode": "bridge"']],
    [
      "19:35 $.environments.test.services.web.containerPort: 80800 is too large: at most 65535. The port that the container listens on.",
    ],
  ],
  [
    "a field is misspelt",
    [['"listenerPort"', '"listnerPort"']],
    [
      '9:11 $.environments.test.loadBalancers.external.listnerPort: There is no field "listnerPort" here. Did you mean "listenerPort"? Known: listenerPort, https, testListenerPort, testListenerCidrs, defaultTargetGroup, targetGroups, rules, idleTimeoutSeconds, accessLogs, webAclArn, deletionProtection.',
    ],
  ],
  [
    "a number is a text",
    [['"desired": 2', '"desired": "2"']],
    [
      '15:67 $.environments.test.cluster.ec2.desired: "2" is a string, but a number is expected. Hosts at first; managed scaling owns the number from then on.',
    ],
  ],
  [
    "a value is none of those allowed",
    [['"networkMode": "bridge"', '"networkMode": "brigde"']],
    [
      '19:56 $.environments.test.services.web.networkMode: "brigde" is not allowed. Allowed: "awsvpc", "bridge", "host". As in the task definition.',
    ],
  ],
  [
    "a field is missing",
    [['"region": "eu-west-1",\n      "network": { "cidr": "10.1', '"network": { "cidr": "10.1']],
    ['23:13 $.environments.live.region: The field "region" is missing. The AWS region, as in us-east-1.'],
  ],
  [
    "a property stands twice",
    [['"listenerPort": 80,', '"listenerPort": 80, "listenerPort": 8080,']],
    [
      "9:31 $.environments.test.loadBalancers.external.listenerPort: The property stands twice in this object; only one would count. Remove one.",
    ],
  ],
  [
    "a comma is missing",
    [['"region": "eu-west-1",', '"region": "eu-west-1"']],
    ["6:7 $: A comma is expected here."],
  ],
  [
    "a priority stands twice",
    [['"priority": 40020', '"priority": 40010']],
    [
      "20:106 $.environments.test.services.api.blueGreen.priority: Priority 40010 is taken by rules[0]. Give the service one of its own.",
    ],
  ],
  [
    "a priority is the deployments' own",
    [['"priority": 40020', '"priority": 100']],
    [
      "20:106 $.environments.test.services.api.blueGreen.priority: 100 is too small: at least 40000. Priority of the service's rules, on the production listener and on the test listener alike.",
    ],
  ],
  [
    "a rule takes the requests of a service",
    [['["shop.example.com"]', '["api.example.com"]']],
    [
      "20:79 $.environments.test.services.api.blueGreen: Requests for api.example.com belong to rules[0] on the same load balancer. Give the service a host of its own, or paths that are asked for first.",
    ],
  ],
  [
    "a service is on a load balancer that is not there",
    [['"by": "ecs",', '"by": "ecs", "loadBalancer": "internal",']],
    [
      '20:110 $.environments.test.services.api.blueGreen.loadBalancer: The environment has "external" alone, not "internal". Name one that it has, or describe it in loadBalancers.',
    ],
  ],
  [
    "staged deployments have no domain to answer at",
    [
      ['      "domain": { "name": "example.com" },\n', ""],
      ['{ "by": "ecs", "priority": 40020 }', '{ "by": "stage" }'],
    ],
    [
      "19:79 $.environments.test.services.api.blueGreen: A staged deployment answers at <id>.stage.<domain>, and the environment has no domain. Give it one.",
    ],
  ],
  [
    "a domain is none",
    [['"example.com" }', '"example" }']],
    [
      '17:27 $.environments.test.domain.name: "example" is not allowed here. As in example.com; staged deployments answer at <id>.stage.<name>.',
    ],
  ],
  [
    "the test listener has the production listener's port",
    [['"listenerPort": 80', '"listenerPort": 80, "testListenerPort": 80']],
    [
      "9:51 $.environments.test.loadBalancers.external.testListenerPort: Port 80 is the production listener's. Choose another for the test listener.",
    ],
  ],
  [
    "a health check takes as long as its interval",
    [['"timeoutSeconds": 5', '"timeoutSeconds": 10']],
    [
      "10:95 $.environments.test.loadBalancers.external.targetGroups.ip.healthCheck.timeoutSeconds: A timeout of 10 s is not below the interval of 10 s. Lower it.",
    ],
  ],
  [
    "a certificate is of another Region",
    [
      [
        '{ "by": "ecs", "priority": 40020 }',
        '{ "by": "stage", "listener": { "port": 443, "protocol": "HTTPS", "certificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1" } }',
      ],
    ],
    [
      "20:162 $.environments.test.services.api.blueGreen.listener.certificateArn: The certificate is in us-east-1, the load balancer in eu-west-1. Request one there.",
    ],
  ],
  [
    "an ARN is none",
    [
      [
        '{ "by": "ecs", "priority": 40020 }',
        '{ "by": "stage", "listener": { "port": 443, "protocol": "HTTPS", "certificateArn": "certificate/1" } }',
      ],
    ],
    [
      '20:162 $.environments.test.services.api.blueGreen.listener.certificateArn: "certificate/1" is not allowed here. For HTTPS: the certificate of a listener that has to be made, by its ARN, as in arn:aws:acm:eu-west-1:123456789012:certificate/….',
    ],
  ],
  [
    "an environment has a reserved name",
    [['"live"', '"aws-live"']],
    [
      '23:5 $.environments.aws-live: "aws-live" begins with "aws", which AWS refuses in the name of a capacity provider. Choose another.',
    ],
  ],
  [
    "an environment's name is too long",
    [['"live"', `"${"live".repeat(9)}"`]],
    [
      '23:5 $.environments.livelivelivelivelivelivelivelivelive: "livelivelivelivelivelivelivelivelive" cannot be a name here. Environments by name: lower-case letters, digits and hyphens, at most 32 characters.',
    ],
  ],
  [
    "a group of hosts has the name of the default one",
    [
      [
        '"ec2": null',
        '"ec2": null, "extraInstanceGroups": { "default": { "instanceType": "t3.small", "min": 0, "desired": 0, "max": 1 } }',
      ],
    ],
    [
      '26:58 $.environments.live.cluster.extraInstanceGroups.default: "default" is the name of the group "ec2". Choose another.',
    ],
  ],
  [
    "nothing would be placed anywhere",
    [['"ec2": null', '"ec2": null, "defaultStrategy": { "fargate": { "weight": 0 } }']],
    [
      "26:52 $.environments.live.cluster.defaultStrategy: Both weights are 0, so no task could be placed. Give one a weight.",
    ],
  ],
  [
    "an environment shares its own network",
    [[liveNetwork, '"sharesNetworkOf": "live"']],
    [
      '25:26 $.environments.live.sharesNetworkOf: "live" is this environment itself. Describe its network, or name another environment.',
    ],
  ],
  [
    "environments share each other's network",
    [
      [liveNetwork, '"sharesNetworkOf": "test"'],
      [
        '"network": { "cidr": "10.0.0.0/16", "zones": ["eu-west-1a", "eu-west-1b"] }',
        '"sharesNetworkOf": "live"',
      ],
      ['"loadBalancers"', '"domain": { "name": "b.example.com" }, "loadBalancers"'],
      ['      "domain": { "name": "example.com" },\n', ""],
    ],
    [
      '6:26 $.environments.test.sharesNetworkOf: "live" itself shares the network of "test". Name the environment that has the network.',
      '7:46 $.environments.test.loadBalancers: The load balancers are those of environment "live". Remove loadBalancers, or sharesNetworkOf.',
      '19:79 $.environments.test.services.api.blueGreen.loadBalancer: The environment has none, not "external". Name one that it has, or describe it in loadBalancers.',
      '24:26 $.environments.live.sharesNetworkOf: "test" itself shares the network of "live". Name the environment that has the network.',
    ],
  ],
  [
    "an environment shares a network that is not there",
    [[liveNetwork, '"sharesNetworkOf": "prod"']],
    [
      '25:26 $.environments.live.sharesNetworkOf: There is no environment "prod" in this file. There is test.',
    ],
  ],
  [
    "an environment shares a network of another account",
    [
      ['"test": {', testAccount],
      ['"live": {', liveAccount],
      [liveNetwork, '"sharesNetworkOf": "test"'],
    ],
    [
      '27:26 $.environments.live.sharesNetworkOf: "test" is in account 111111111111 and this environment in 222222222222; a VPC lies in one account. Move one of them, or describe a network here.',
    ],
  ],
  [
    "an account is none",
    [
      ['"test": {', '"test": {\n      "account": 123456789012,'],
      ['"live": {', '"live": {\n      "account": "1234",'],
    ],
    [
      "5:18 $.environments.test.account: 123456789012 is a number, but a string is expected. The AWS account, by the 12 digits of its id. Terraform and ./deploy refuse to work in any other.",
      '25:18 $.environments.live.account: "1234" is not allowed here. The AWS account, by the 12 digits of its id. Terraform and ./deploy refuse to work in any other.',
    ],
  ],
  [
    "one environment names its account and the other does not",
    [['"test": {', testAccount]],
    [
      '24:5 $.environments.live: Environment "test" names its account (111111111111) and this one does not. Give this one its "account" too.',
    ],
  ],
  [
    "Terraform's role is of another account",
    [
      ['"test": {', testAccount],
      [
        '"live": {',
        `${liveAccount}\n      "terraform": { "assumeRole": "arn:aws:iam::333333333333:role/terraform" },`,
      ],
    ],
    [
      "26:36 $.environments.live.terraform.assumeRole: The role is in account 333333333333, and the environment in 222222222222. Name a role of that account.",
    ],
  ],
  [
    "a profile could lead anywhere",
    [['"live": {', '"live": {\n      "terraform": { "profile": "live", "externalId": "x1" },']],
    [
      '24:33 $.environments.live.terraform.profile: A profile can lead to any account. Name the environment\'s own in "account", so that a wrong one is refused.',
      "24:41 $.environments.live.terraform.externalId: An external id goes with a role. Name the role in assumeRole, or remove externalId.",
    ],
  ],
  [
    "state in S3 has no Region",
    [[state, '"state": { "in": "s3" }']],
    ['2:12 $.state.region: The field "region" is missing. The Region of the bucket, as in us-east-1.'],
  ],
  [
    "state in S3 is of no account",
    [[state, '"state": { "in": "s3", "region": "eu-west-1" }']],
    [
      '2:12 $.state: The bucket\'s name is missing. Name it in "bucket", or give each environment its "account", for slipway-state-<account>-eu-west-1. aws sts get-caller-identity shows the account.',
    ],
  ],
  [
    "state of two accounts is in one bucket",
    [
      ['"test": {', testAccount],
      ['"live": {', liveAccount],
      [
        state,
        '"state": { "in": "s3", "region": "eu-west-1", "bucket": "ours", "kmsKeyArn": "arn:aws:kms:eu-central-1:111111111111:key/1" }',
      ],
    ],
    [
      "2:49 $.state.bucket: The environments are in 2 accounts (111111111111, 222222222222), and each keeps its own state. Remove bucket: npm run bootstrap makes slipway-state-<account>-<region> in each.",
      "2:67 $.state.kmsKeyArn: A key is in one account, and the environments are in 2. Remove kmsKeyArn.",
      "2:80 $.state.kmsKeyArn: The key is in eu-central-1 and the bucket in eu-west-1; S3 takes a key of its own Region alone. Name one there.",
    ],
  ],
  [
    "state is somewhere else",
    [[state, '"state": { "in": "gcs" }']],
    ['2:20 $.state.in: "gcs" is not allowed. Allowed: "local", "s3".'],
  ],
  [
    "a bucket's name is none",
    [[state, '"state": { "in": "s3", "region": "eu-west-1", "bucket": "Our_State" }']],
    [
      '2:59 $.state.bucket: "Our_State" is not allowed here. The bucket: 3 to 63 lower-case letters, digits, dots and hyphens. Without it, slipway-state-<account>-<region> of each environment\'s account.',
    ],
  ],
  [
    "the file ends too early",
    [[base.slice(base.indexOf('"live"')), '"live": {']],
    ["23:14 $: A closing brace } is expected here."],
  ],
  [
    "several things are wrong at once",
    [
      [state, '"state": { "in": "s3", "region": "eu-wset-1" }'],
      ['"10.1.0.0/16"', '"10.0.0.0/8"'],
      ['"eu-west-1b"', '"us-east-1b"'],
      ['"timeoutSeconds": 5', '"timeoutSeconds": 50'],
      [hosts, '"ec2": { "instanceType": "t4g.smal", "min": 5, "desired": "two", "max": 4 }'],
      ['"name": "example.com"', '"nmae": "example.com"'],
      ['"containerPort": 8080, "networkMode": "bridge"', '"containerPort": 0, "networkMode": "bridge"'],
      ['"priority": 40020', '"priority": 40010'],
      ['"ec2": null', '"ec2": null, "containerInsights": true'],
    ],
    [
      '2:12 $.state: The bucket\'s name is missing. Name it in "bucket", or give each environment its "account", for slipway-state-<account>-eu-wset-1. aws sts get-caller-identity shows the account.',
      '2:36 $.state.region: "eu-wset-1" is no Region that the installed AWS SDK knows. Did you mean "eu-west-1"? One that is newer is known after an update of @aws-sdk/client-route-53 and npm run generate.',
      '6:67 $.environments.test.network.zones[1]: "us-east-1b" is not a zone of eu-west-1; those are named as in eu-west-1a.',
      "10:95 $.environments.test.loadBalancers.external.targetGroups.ip.healthCheck.timeoutSeconds: A timeout of 50 s is not below the interval of 10 s. Lower it.",
      '15:34 $.environments.test.cluster.ec2.instanceType: "t4g.smal" is no instance type that the installed AWS SDK knows. Did you mean "t4g.small"? Sizes of t4g: 2xlarge, large, medium, micro, nano, small, xlarge. One that is newer is known after an update of @aws-sdk/client-ec2 and npm run generate.',
      '15:67 $.environments.test.cluster.ec2.desired: "two" is a string, but a number is expected. Hosts at first; managed scaling owns the number from then on.',
      '17:17 $.environments.test.domain.name: The field "name" is missing. As in example.com; staged deployments answer at <id>.stage.<name>.',
      '17:19 $.environments.test.domain.nmae: There is no field "nmae" here. Did you mean "name"? Known: name, hostedZoneId, hostedZone, privateZone, certificate, records.',
      "19:35 $.environments.test.services.web.containerPort: 0 is too small: at least 1. The port that the container listens on.",
      "20:106 $.environments.test.services.api.blueGreen.priority: Priority 40010 is taken by rules[0]. Give the service one of its own.",
      "25:28 $.environments.live.network.cidr: 10.0.0.0/8 is larger than AWS allows. Use a /16 to a /23.",
      '25:28 $.environments.live.network.cidr: 10.0.0.0/8 overlaps 10.0.0.0/16 of environment "test", so the two could never be connected. Choose a block of its own.',
      '26:54 $.environments.live.cluster.containerInsights: true is not allowed. Allowed: "enabled", "enhanced", "disabled". CloudWatch Container Insights.',
    ],
  ],
  [
    "there is no environment",
    [[base.slice(base.indexOf('"environments"')), '"environments": {}\n}\n']],
    ["3:19 $.environments: There is no environment. Describe at least one."],
  ],
];
