import { rm } from "node:fs/promises";
import { get } from "node:http";

import { ApplicationAutoScalingClient } from "@aws-sdk/client-application-auto-scaling";
import { ECSClient } from "@aws-sdk/client-ecs";
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
  type ResourceRecordSet,
} from "@aws-sdk/client-route-53";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";

import { startLocalProcess, type LocalProcess } from "../../scripts/bench/local-process.ts";
import { groupsOf, hostsOf } from "../../scripts/core/staged/rules.ts";
import type { Status } from "../../scripts/local/gateway/status.ts";
import { createQuickEnvironment } from "../../scripts/rehearsal/without-terraform.ts";
import { deploy } from "./deploy-command.ts";
import { createAlarm, setAlarm } from "./example-surroundings.ts";
import { startBundle } from "./killed-runs.ts";
import { moveProject } from "./move-project.ts";

/** Some of what a move's report tells. */
export interface MoveDocument {
  readonly outcome: string;
  readonly deploymentId: string;
  readonly previousDeploymentId?: string;
  readonly state: string;
  readonly trafficPercent: number;
  readonly exitCode: number;
  readonly movedInMs?: number;
  readonly reason?: string;
  readonly url: string;
  readonly steps?: readonly { readonly kind: string }[];
}

/** What a run of the deploy script left. */
export interface Ran {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** The document of `--output json`. */
  readonly document: MoveDocument;
}

/** The local AWS with a load balancer and a hosted zone, and a project whose services have a service per deployment. */
export class MoveWorld {
  readonly local: LocalProcess;
  readonly folder: string;
  readonly speed: number;
  readonly ecs: ECSClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly scaling: ApplicationAutoScalingClient;
  readonly listenerArn: string;
  readonly vpcId: string;
  readonly subnets: readonly string[];
  readonly zone: string;
  readonly #route53: Route53Client;

  private constructor(
    local: LocalProcess,
    folder: string,
    speed: number,
    place: { listenerArn: string; vpcId: string; subnets: readonly string[]; zone: string },
  ) {
    this.local = local;
    this.folder = folder;
    this.speed = speed;
    this.ecs = new ECSClient(local.settings);
    this.elb = new ElasticLoadBalancingV2Client(local.settings);
    this.scaling = new ApplicationAutoScalingClient(local.settings);
    this.#route53 = new Route53Client(local.settings);
    this.listenerArn = place.listenerArn;
    this.vpcId = place.vpcId;
    this.subnets = place.subnets;
    this.zone = place.zone;
  }

  /** @param applications names of services whose every deployment is a service of its own */
  static async start(speed: number, applications: readonly string[]): Promise<MoveWorld> {
    // The launcher bundles what is out of date.
    await deploy(["--version"], { endpoint: "http://127.0.0.1:1" });
    const local = await startLocalProcess(["--speed", String(speed), "--no-throttle"]);
    const { outputs } = await createQuickEnvironment(local, {
      name: "test",
      hosts: 0,
      instanceType: "t3.small",
    });
    const elb = new ElasticLoadBalancingV2Client(local.settings);
    const { LoadBalancers: [balancer] = [] } = await elb.send(
      new DescribeLoadBalancersCommand({ Names: ["test-external"] }),
    );
    const { Listeners: [listener] = [] } = await elb.send(
      new DescribeListenersCommand({ LoadBalancerArn: balancer?.LoadBalancerArn }),
    );
    const route53 = new Route53Client(local.settings);
    const { HostedZone } = await route53.send(
      new CreateHostedZoneCommand({ Name: "example.com", CallerReference: "test" }),
    );
    const listenerArn = listener?.ListenerArn ?? "";
    const ssm = new SSMClient(local.settings);
    for (const [output, Value] of Object.entries({
      "alb-external-arn": balancer?.LoadBalancerArn,
      "alb-external-zone-id": balancer?.CanonicalHostedZoneId ?? "Z35SXDOTRQ7X7K",
      "alb-external-listener-arn": listenerArn,
    })) {
      await ssm.send(
        new PutParameterCommand({ Name: `/slipway/test/${output}`, Value, Type: "String", Overwrite: true }),
      );
    }
    const zone = (HostedZone?.Id ?? "").replace("/hostedzone/", "");
    const folder = await moveProject(applications, zone);
    return new MoveWorld(local, folder, speed, {
      listenerArn,
      vpcId: outputs.get("vpc-id") ?? "",
      subnets: (outputs.get("private-subnet-ids") ?? "").split(","),
      zone,
    });
  }

  async stop(): Promise<void> {
    await this.local.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Starts the deploy script's bundle in the project, so that a signal meets the program itself. */
  running(args: readonly string[], endpoint = this.local.endpoint, speed = this.speed, image?: string) {
    const command = { args, speed, root: this.folder };
    return startBundle(image === undefined ? command : { ...command, image }, endpoint);
  }

  /** Runs it to its end, which has to be good. */
  async done(...args: readonly string[]): Promise<MoveDocument> {
    const { exitCode, stdout, stderr, document } = await this.run(...args);
    if (exitCode === 0) return document;
    throw new Error(`./deploy ${args.join(" ")} ended with ${exitCode ?? "none"}:\n${stdout}\n${stderr}`);
  }

  /** Runs it to its end with `--output json`. */
  async run(...args: readonly string[]): Promise<Ran> {
    const { exitCode, stdout, stderr } = await this.running([...args, "--output", "json"]);
    const document = (stdout.startsWith("{") ? JSON.parse(stdout) : {}) as MoveDocument;
    return { exitCode, stdout, stderr, document };
  }

  /** The address here of the load balancer's listener. */
  async url(): Promise<string> {
    const { listeners } = (await (await fetch(`${this.local.endpoint}/_slipway/status`)).json()) as Status;
    const found = listeners.find(({ listenerArn }) => listenerArn === this.listenerArn);
    if (found === undefined) throw new Error("The listener is not served.");
    return found.url;
  }

  /** What a host answers, status and body. */
  async ask(host: string): Promise<{ readonly status: number; readonly body: string }> {
    const url = await this.url();
    return new Promise((resolve, reject) => {
      get(url, { headers: { host }, agent: false }, (answer) => {
        let body = "";
        answer.on("data", (chunk: Buffer) => (body += chunk.toString()));
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body }));
      }).on("error", reject);
    });
  }

  /** Where a host's rule sends requests, as weights by target group; undefined where no rule asks for it. */
  async ruleOf(host: string): Promise<Readonly<Record<string, number>> | undefined> {
    const { Rules = [] } = await this.elb.send(new DescribeRulesCommand({ ListenerArn: this.listenerArn }));
    const rule = Rules.find((one) => hostsOf(one).includes(host));
    return (
      rule && Object.fromEntries(groupsOf(rule).map(({ targetGroupArn, weight }) => [targetGroupArn, weight]))
    );
  }

  /** Tags of a target group or a rule, by what follows `slipway:`. */
  async tagsOf(arn: string): Promise<Readonly<Record<string, string>>> {
    const { TagDescriptions: [described] = [] } = await this.elb.send(
      new DescribeTagsCommand({ ResourceArns: [arn] }),
    );
    return Object.fromEntries(
      (described?.Tags ?? []).map(({ Key = "", Value = "" }) => [Key.replace("slipway:", ""), Value]),
    );
  }

  /** Makes a record of a host, as staging does. */
  async record(host: string): Promise<void> {
    const DNSName = "test-external.elb.amazonaws.com";
    const AliasTarget = { DNSName, HostedZoneId: "Z35SXDOTRQ7X7K", EvaluateTargetHealth: false };
    await this.#change("UPSERT", { Name: host, Type: "A", AliasTarget });
  }

  /** Removes the records of hosts. */
  async removeRecords(hosts: (name: string) => boolean): Promise<void> {
    for (const record of (await this.#aRecords()).filter(({ Name }) => hosts(Name ?? ""))) {
      await this.#change("DELETE", record);
    }
  }

  /** Names of the zone's A records, with what they are an alias of. */
  async records(): Promise<Readonly<Record<string, string>>> {
    return Object.fromEntries(
      (await this.#aRecords()).map(({ Name = "", AliasTarget }) => [
        Name.replace(/\.$/, ""),
        AliasTarget?.DNSName ?? "",
      ]),
    );
  }

  async #aRecords(): Promise<readonly ResourceRecordSet[]> {
    const { ResourceRecordSets = [], IsTruncated } = await this.#route53.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: this.zone }),
    );
    if (IsTruncated === true) throw new Error("The zone has more records than come in one page.");
    return ResourceRecordSets.filter(({ Type }) => Type === "A");
  }

  async #change(Action: "UPSERT" | "DELETE", ResourceRecordSet: ResourceRecordSet): Promise<void> {
    const ChangeBatch = { Changes: [{ Action, ResourceRecordSet }] };
    await this.#route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: this.zone, ChangeBatch }));
  }

  /** Makes an alarm that is well. */
  async alarm(AlarmName: string): Promise<void> {
    await createAlarm(this.local, AlarmName);
  }

  async setAlarm(AlarmName: string, StateValue: "OK" | "ALARM"): Promise<void> {
    await setAlarm(this.local, AlarmName, StateValue);
  }
}
