import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DeleteTargetGroupCommand,
  DescribeListenersCommand,
  DescribeTargetGroupAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect } from "@jest/globals";

import { given } from "../suite/clients.ts";
import { contractCase, refusal, type ContractCase } from "../suite/contract-case.ts";
import type { Context } from "../suite/context.ts";
import { makeListener, saying } from "../suite/listeners.ts";
import { elbApi } from "../suite/sources.ts";

const needs = ["load balancer"] as const;

/** A new target group's input, with a name of its own. */
const groupInput = async (context: Context) => ({
  Name: context.name(),
  Protocol: "HTTP" as const,
  Port: 80,
  VpcId: (await context.network()).vpcId,
});

async function makeGroup(context: Context, input: Awaited<ReturnType<typeof groupInput>>): Promise<string> {
  const { elb } = context.clients;
  const { TargetGroups } = await elb.send(new CreateTargetGroupCommand(input));
  const TargetGroupArn = given(TargetGroups?.[0]?.TargetGroupArn);
  context.afterwards(() => elb.send(new DeleteTargetGroupCommand({ TargetGroupArn })));
  return TargetGroupArn;
}

async function listenerOf({ clients }: Context, ListenerArn: string) {
  const { Listeners } = await clients.elb.send(new DescribeListenersCommand({ ListenerArns: [ListenerArn] }));
  const { Port, LoadBalancerArn = "" } = given(Listeners?.[0]);
  return { Port, LoadBalancerArn };
}

export const targetGroupCases: readonly ContractCase[] = [
  refusal({
    id: "target-group.in-use",
    title: "A target group that a listener forwards to cannot be deleted",
    source: elbApi("DeleteTargetGroup"),
    wording: "observed",
    needs,
    type: "ResourceInUseException",
    message: /^Target group 'arn:.*' is currently in use by a listener or a rule$/,
    call: async (context) => {
      const { arn } = await context.targetGroup();
      return context.clients.elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: arn }));
    },
  }),
  contractCase({
    id: "target-group.again",
    title: "CreateTargetGroup again with the same settings answers with the group that is there",
    source: elbApi("CreateTargetGroup"),
    needs,
    run: async (context) => {
      const input = await groupInput(context);
      expect(await makeGroup(context, input)).toBe(await makeGroup(context, input));
    },
  }),
  refusal({
    id: "target-group.same-name",
    title: "A target group of the same name with other settings is refused",
    source: elbApi("CreateTargetGroup"),
    wording: "observed",
    needs,
    type: "DuplicateTargetGroupNameException",
    message: /^A target group with the same name '[^']+' exists, but with different settings$/,
    call: async (context) => {
      const input = await groupInput(context);
      await makeGroup(context, input);
      return makeGroup(context, { ...input, Port: 81 });
    },
  }),
  contractCase({
    id: "target-group.defaults",
    title: "A target group drains for 300 s, is not sticky and takes turns unless told otherwise",
    source: elbApi("TargetGroupAttribute"),
    needs,
    run: async (context) => {
      const TargetGroupArn = await makeGroup(context, await groupInput(context));
      const { Attributes = [] } = await context.clients.elb.send(
        new DescribeTargetGroupAttributesCommand({ TargetGroupArn }),
      );
      expect(Object.fromEntries(Attributes.map(({ Key, Value }) => [Key, Value]))).toMatchObject({
        "deregistration_delay.timeout_seconds": "300",
        "stickiness.enabled": "false",
        "load_balancing.algorithm.type": "round_robin",
        "slow_start.duration_seconds": "0",
      });
    },
  }),
  contractCase({
    id: "listener.again",
    title: "CreateListener again is the same listener with the same settings, and refused with others",
    source: elbApi("CreateListener"),
    wording: "observed",
    needs,
    run: async (context) => {
      const { elb } = context.clients;
      const action = saying("one");
      const ListenerArn = await makeListener(context, action);
      const { Port, LoadBalancerArn } = await listenerOf(context, ListenerArn);
      const again = (text: string) =>
        elb.send(
          new CreateListenerCommand({
            LoadBalancerArn,
            Port,
            Protocol: "HTTP",
            DefaultActions: [saying(text)],
          }),
        );
      expect((await again("one")).Listeners?.[0]?.ListenerArn).toBe(ListenerArn);
      await expect(again("two")).rejects.toMatchObject({
        name: "DuplicateListenerException",
        message: `A listener already exists on this port for this load balancer '${LoadBalancerArn}'`,
      });
    },
  }),
  refusal({
    id: "load-balancer.same-name",
    title: "A load balancer of the same name with other settings is refused",
    source: elbApi("CreateLoadBalancer"),
    wording: "observed",
    needs,
    type: "DuplicateLoadBalancerNameException",
    message: /^A load balancer with the same name '[^']+' exists, but with different settings$/,
    call: async (context) => {
      const Name = given((await context.loadBalancer()).split("/")[2]);
      const { subnetIds } = await context.network();
      return context.clients.elb.send(
        new CreateLoadBalancerCommand({ Name, Subnets: [...subnetIds], Scheme: "internet-facing" }),
      );
    },
  }),
];
