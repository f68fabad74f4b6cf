import {
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";

import type { NetworkPort } from "../core/ports/network.ts";
import { inBatches } from "./batches.ts";
import { call, type CallObserver } from "./call.ts";
import type { ClientSettings } from "./client-settings.ts";
import { paced } from "./paced.ts";

/** A filter takes at most 200 values. With a filter, what does not exist is left out instead of being an error. */
const idsPerCall = 200;

/** Subnets, security groups and instances through the AWS SDK. */
export function networkPort(settings: ClientSettings, observe: CallObserver): NetworkPort {
  const client = paced(new EC2Client(settings));

  return {
    async subnets(ids) {
      const answers = await inBatches(ids, idsPerCall, (Values) =>
        call("ec2:DescribeSubnets", observe, () =>
          client.send(new DescribeSubnetsCommand({ Filters: [{ Name: "subnet-id", Values }] })),
        ),
      );
      return answers.flatMap(({ Subnets = [] }) => Subnets);
    },

    async securityGroups(ids) {
      const answers = await inBatches(ids, idsPerCall, (Values) =>
        call("ec2:DescribeSecurityGroups", observe, () =>
          client.send(new DescribeSecurityGroupsCommand({ Filters: [{ Name: "group-id", Values }] })),
        ),
      );
      return answers.flatMap(({ SecurityGroups = [] }) => SecurityGroups);
    },

    async instances(ids) {
      const answers = await inBatches(ids, idsPerCall, (Values) =>
        call("ec2:DescribeInstances", observe, () =>
          client.send(new DescribeInstancesCommand({ Filters: [{ Name: "instance-id", Values }] })),
        ),
      );
      return answers
        .flatMap(({ Reservations = [] }) => Reservations)
        .flatMap(({ Instances = [] }) => Instances);
    },
  };
}
