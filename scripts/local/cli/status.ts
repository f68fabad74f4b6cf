import type { TaskStatus } from "../gateway/status.ts";
import { askAdmin } from "./admin.ts";
import { endpointOn, statusOn } from "./client.ts";
import type { CommandLine } from "./command-line.ts";
import { CommandError, type Output } from "./output.ts";
import { statusText } from "./status-text.ts";

/** `./local status`: the endpoint, the addresses of listeners and tasks on this machine, the services. */
export async function status({ port, output: form }: CommandLine, output: Output): Promise<void> {
  const current = await statusOn(port);
  if (!current) throw new CommandError(`No local AWS runs at ${endpointOn(port)}. Start it: ./local start`);
  if (form === "json") {
    output.result(JSON.stringify(current, null, 2));
    return;
  }
  const { tasks } = (await askAdmin(port, "GET", "tasks")) as { tasks: readonly TaskStatus[] };
  output.result(statusText(current, tasks));
}
