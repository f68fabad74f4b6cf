import { expect } from "@jest/globals";

import { contractCase, type ContractCase } from "../suite/contract-case.ts";
import { makeHosts } from "../suite/hosts.ts";
import { ecsApi, ecsGuide } from "../suite/sources.ts";
import { behind, targetsOf } from "../suite/target-groups.ts";
import { messages } from "./deployment-steps.ts";

export const placementCases: readonly ContractCase[] = [
  contractCase({
    id: "placement.distinct",
    title: "distinctInstance puts each task of a service on a host of its own",
    source: ecsApi("PlacementConstraint"),
    needs: ["hosts"],
    run: async (context) => {
      const service = await context.steady(
        await context.create({ desiredCount: 2, placementConstraints: [{ type: "distinctInstance" }] }),
      );
      expect(
        new Set((await context.tasks(service)).map(({ containerInstanceArn }) => containerInstanceArn)).size,
      ).toBe(2);
    },
  }),
  contractCase({
    id: "placement.binpack",
    title: "binpack puts tasks on one host as long as there is room",
    source: ecsApi("PlacementStrategy"),
    localOnly: "it takes hosts of its own",
    run: async (context) => {
      const cluster = await context.ownCluster();
      const { subnetIds } = await context.network();
      const afterwards = (cleanUp: () => Promise<unknown>): void => context.afterwards(cleanUp);
      await makeHosts(context.clients, { cluster, count: 2, subnetIds, afterwards });
      const service = await context.steady(
        await context.create({
          cluster,
          desiredCount: 3,
          placementStrategy: [{ type: "binpack", field: "memory" }],
        }),
      );
      const hosts = (await context.tasks(service)).map(({ containerInstanceArn }) => containerInstanceArn);
      expect([hosts.length, new Set(hosts).size]).toEqual([3, 1]);
    },
  }),
  contractCase({
    id: "placement.no-hosts",
    title: "A service in a cluster without hosts says that it cannot place a task",
    source: ecsGuide("service-event-messages"),
    wording: "documented",
    run: async (context) => {
      const service = await context.create({ cluster: await context.ownCluster(), desiredCount: 1 });
      const found = await context.serviceUntil(service, (one) => messages(one).length > 0);
      expect(messages(found)[0]).toContain(
        "was unable to place a task because no container instance met all of its requirements. Reason: No Container Instances were found in your",
      );
    },
  }),
  contractCase({
    id: "placement.too-large",
    title: "A task larger than any host is not placed, and the event names the nearest host",
    source: ecsGuide("service-event-messages"),
    wording: "documented",
    needs: ["hosts"],
    run: async (context) => {
      const taskDefinition = await context.register({ container: { memory: 900_000 } });
      const service = await context.create({ taskDefinition, desiredCount: 1 });
      const found = await context.serviceUntil(service, (one) => messages(one).length > 0);
      expect(messages(found)[0]).toMatch(
        /The closest matching \(?container-instance \S+\)? has insufficient memory available/,
      );
    },
  }),
  contractCase({
    id: "target.registered",
    title: "A service registers its tasks with the target group and says so",
    source: ecsGuide("service-load-balancing"),
    needs: ["load balancer", "hosts"],
    run: async (context) => {
      const group = await context.targetGroup();
      const service = await context.steady(await context.create({ desiredCount: 2, ...behind(group) }));
      const targets = await targetsOf(context, group.arn);
      expect(targets.map(({ TargetHealth }) => TargetHealth?.State)).toEqual(["healthy", "healthy"]);
      expect(
        messages(service).some((text) => /registered \d targets? in \(target-group arn:.*\)/.test(text)),
      ).toBe(true);
    },
  }),
  contractCase({
    id: "target.draining",
    title: "A target of a deleted service drains before it is gone",
    source:
      "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html",
    needs: ["load balancer", "hosts"],
    run: async (context) => {
      const group = await context.targetGroup();
      const service = await context.steady(await context.create({ desiredCount: 1, ...behind(group) }));
      await context.update(service, { desiredCount: 0 });
      const seen = await context.until(
        () => targetsOf(context, group.arn),
        (targets) => targets.some(({ TargetHealth }) => TargetHealth?.State === "draining"),
      );
      expect(seen[0]?.TargetHealth).toMatchObject({
        State: "draining",
        Reason: "Target.DeregistrationInProgress",
      });
      expect(
        await context.until(
          () => targetsOf(context, group.arn),
          (targets) => targets.length === 0,
        ),
      ).toEqual([]);
    },
  }),
];
