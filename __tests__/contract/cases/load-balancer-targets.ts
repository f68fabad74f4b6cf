import {
  DeregisterTargetsCommand,
  DescribeTargetHealthCommand,
  ModifyListenerCommand,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect } from "@jest/globals";

import { given } from "../suite/clients.ts";
import { contractCase, refusal, type ContractCase } from "../suite/contract-case.ts";
import type { Context } from "../suite/context.ts";
import { ask, unreachable } from "../suite/listeners.ts";
import { elbApi, elbGuide } from "../suite/sources.ts";
import { behind, targetsOf } from "../suite/target-groups.ts";

const needs = ["load balancer"] as const;
const withHosts = { needs: ["load balancer", "hosts"] } as const;

/** An address of the load balancer's network where nothing is. */
const nobody = { Id: "10.77.0.77", Port: 80 };

/** RegisterTargets of a target that cannot be one. */
const register = async (context: Context, targetType: "instance" | "ip", Id: string, Port?: number) => {
  const { arn } = await context.targetGroup({ targetType });
  const Targets = [{ Id, Port }];
  return context.clients.elb.send(new RegisterTargetsCommand({ TargetGroupArn: arn, Targets }));
};

export const loadBalancerTargetCases: readonly ContractCase[] = [
  refusal({
    id: "target.no-instance",
    title: "A group of instances takes instance ids only",
    source: elbApi("RegisterTargets"),
    wording: "observed",
    needs,
    type: "ValidationError",
    message: "Instance ID '10.0.0.1' is not valid",
    call: (context) => register(context, "instance", "10.0.0.1"),
  }),
  refusal({
    id: "target.instance-missing",
    title: "An instance that is not there cannot be a target",
    source: elbApi("RegisterTargets"),
    wording: "reported",
    needs,
    type: "InvalidTargetException",
    message: /does not exist|not in a running state/,
    call: (context) => register(context, "instance", "i-0123456789abcdef0"),
  }),
  refusal({
    id: "target.no-address",
    title: "A group of addresses takes addresses only",
    source: elbApi("RegisterTargets"),
    wording: "observed",
    needs,
    type: "ValidationError",
    message: /^The IP address 'i-0123456789abcdef0' is not a valid IPv4 address/,
    call: (context) => register(context, "ip", "i-0123456789abcdef0"),
  }),
  refusal({
    id: "target.group-missing",
    title: "Targets of a group that is not there cannot be told of",
    source: elbApi("DescribeTargetHealth"),
    wording: "observed",
    type: "TargetGroupNotFoundException",
    message: "One or more target groups not found",
    call: async ({ clients, target }) =>
      clients.elb.send(
        new DescribeTargetHealthCommand({
          TargetGroupArn: `arn:aws:elasticloadbalancing:${target.region}:123456789012:targetgroup/none/0123456789abcdef`,
        }),
      ),
  }),
  contractCase({
    id: "target.unused",
    title: "A target that no listener sends to is unused, and one that is not registered says so",
    source: elbApi("TargetHealth"),
    needs,
    run: async (context) => {
      const { arn } = await context.targetGroup({ targetType: "ip", behindListener: false });
      const { elb } = context.clients;
      await elb.send(new RegisterTargetsCommand({ TargetGroupArn: arn, Targets: [nobody] }));
      const [registered] = await targetsOf(context, arn);
      expect(registered?.TargetHealth).toMatchObject({ State: "unused", Reason: "Target.NotInUse" });
      const { TargetHealthDescriptions } = await elb.send(
        new DescribeTargetHealthCommand({ TargetGroupArn: arn, Targets: [{ Id: "10.77.0.78", Port: 80 }] }),
      );
      expect(TargetHealthDescriptions?.[0]?.TargetHealth).toMatchObject({
        State: "unused",
        Reason: "Target.NotRegistered",
      });
    },
  }),
  contractCase({
    id: "target.unhealthy",
    title: "A target that does not answer is initial, then unhealthy with a reason code",
    source: elbGuide("target-group-health-checks"),
    needs,
    run: async (context) => {
      const { arn } = await context.targetGroup({ targetType: "ip" });
      await context.clients.elb.send(new RegisterTargetsCommand({ TargetGroupArn: arn, Targets: [nobody] }));
      const states: (string | undefined)[] = [];
      const found = await context.until(
        () => targetsOf(context, arn),
        ([target]) => {
          const { State, Reason } = target?.TargetHealth ?? {};
          if (states.length === 0 || State !== "initial") states.push(State, Reason);
          return State === "unhealthy";
        },
      );
      expect(states.slice(0, 1)).toEqual(["initial"]);
      expect(states[1]).toMatch(/^Elb\.(RegistrationInProgress|InitialHealthChecking)$/);
      expect(found[0]?.TargetHealth?.Reason).toMatch(/^Target\.(Timeout|FailedHealthChecks)$/);
      expect(found[0]).toMatchObject({ Target: nobody, HealthCheckPort: "80" });
    },
  }),
  contractCase({
    id: "target.codes",
    title: "A target that answers with a code that its group does not take is unhealthy, and tells the code",
    source: elbGuide("target-group-health-checks"),
    ...withHosts,
    localOnly: "its image is one that answers 503 to health checks",
    run: async (context) => {
      const group = await context.targetGroup();
      await context.create({
        desiredCount: 1,
        ...behind(group),
        taskDefinition: await context.register({ container: { image: "app:unhealthy" } }),
      });
      const [target] = await context.until(
        () => targetsOf(context, group.arn),
        (found) => found[0]?.TargetHealth?.State === "unhealthy",
      );
      expect(target?.TargetHealth).toMatchObject({
        Reason: "Target.ResponseCodeMismatch",
        Description: "Health checks failed with these codes: [503]",
      });
    },
  }),
  contractCase({
    id: "target.drains",
    title: "A deregistered target is draining through the deregistration delay, then not registered",
    source: elbGuide("edit-target-group-attributes"),
    needs,
    run: async (context) => {
      const { arn } = await context.targetGroup({ targetType: "ip" });
      const { elb } = context.clients;
      await elb.send(new RegisterTargetsCommand({ TargetGroupArn: arn, Targets: [nobody] }));
      await elb.send(new DeregisterTargetsCommand({ TargetGroupArn: arn, Targets: [nobody] }));
      const [draining] = await targetsOf(context, arn);
      expect(draining?.TargetHealth).toMatchObject({
        State: "draining",
        Reason: "Target.DeregistrationInProgress",
      });
      await context.until(
        () => targetsOf(context, arn),
        (found) => found.length === 0,
      );
    },
  }),
  contractCase({
    id: "target.serves",
    title: "Requests go to healthy targets, to no group of weight 0, and are 503 where there is no target",
    source: elbGuide("rule-action-types"),
    ...withHosts,
    localOnly: unreachable,
    run: async (context) => {
      const group = await context.targetGroup();
      const empty = await context.targetGroup({ behindListener: false });
      const image = `app:${context.name()}`;
      const taskDefinition = await context.register({ container: { image } });
      await context.steady(await context.create({ desiredCount: 1, ...behind(group), taskDefinition }));
      const ListenerArn = given(group.listenerArn);
      const forward = async (full: number, none: number) => {
        const TargetGroups = [
          { TargetGroupArn: group.arn, Weight: full },
          { TargetGroupArn: empty.arn, Weight: none },
        ];
        const DefaultActions = [{ Type: "forward" as const, ForwardConfig: { TargetGroups } }];
        await context.clients.elb.send(new ModifyListenerCommand({ ListenerArn, DefaultActions }));
        const answers = await Promise.all(Array.from({ length: 20 }, () => ask(context, ListenerArn)));
        return new Set(answers.map(({ status, body }) => (status === 200 ? body.split("\n")[0] : status)));
      };
      expect(await forward(1, 0)).toEqual(new Set([image]));
      expect(await forward(0, 1)).toEqual(new Set([503]));
      expect(await forward(0, 0)).toEqual(new Set([503]));
      expect(await forward(1, 1)).toEqual(new Set([image, 503]));
    },
  }),
];
