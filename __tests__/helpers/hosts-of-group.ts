import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  type InstanceRefresh,
} from "@aws-sdk/client-auto-scaling";
import type { LocalAws } from "../../scripts/local/start.ts";
import { askAdmin, settingsFor } from "./local-admin.ts";

/** The one auto-scaling group whose name begins so: its name, and the EC2 ids of its instances. */
export async function groupNamed(
  local: LocalAws,
  beginning: string,
): Promise<{ readonly name: string; readonly instances: readonly string[] }> {
  const client = new AutoScalingClient(settingsFor(local, local.region));
  const { AutoScalingGroups = [] } = await client.send(new DescribeAutoScalingGroupsCommand({}));
  client.destroy();
  const [found, ...others] = AutoScalingGroups.filter(({ AutoScalingGroupName: name = "" }) =>
    name.startsWith(beginning),
  );
  if (found === undefined || others.length > 0) throw new Error(`Not one group is called ${beginning}….`);
  const instances = (found.Instances ?? []).map(({ InstanceId = "" }) => InstanceId);
  return { name: found.AutoScalingGroupName ?? "", instances };
}

/** The newest instance refresh of a group once it is over, or after a minute; AWS's time flies meanwhile. */
export async function refreshOf(local: LocalAws, group: string): Promise<InstanceRefresh | undefined> {
  const { speed } = await local.status();
  await askAdmin(local, "POST", "time", { action: "speed", speed: 100 });
  const client = new AutoScalingClient(settingsFor(local, local.region));
  try {
    for (const end = Date.now() + 60_000; ;) {
      const { InstanceRefreshes = [] } = await client.send(
        new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: group }),
      );
      const [newest] = InstanceRefreshes;
      if (newest === undefined || newest.EndTime !== undefined || Date.now() > end) return newest;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  } finally {
    client.destroy();
    await askAdmin(local, "POST", "time", { action: "speed", speed });
  }
}
