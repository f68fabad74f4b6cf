import { Agent, get } from "node:http";

import { ECSClient, ListTasksCommand } from "@aws-sdk/client-ecs";

import { median, type Figure } from "./figures.ts";
import { withLocalProcess } from "./local-process.ts";
import { createService, createSite } from "./site.ts";

const pairs = 2000;
const unmeasured = 200;

/** What the load balancer's proxy adds to a request: pairs of one through it and one to the task itself. */
export function measureProxy(): Promise<Figure> {
  return withLocalProcess(["--speed", "20", "--no-throttle"], async (local, environment) => {
    const ecs = new ECSClient(local.settings);
    const site = await createSite(local, environment, "proxy");
    await createService(ecs, site, "proxy:1");
    const { taskArns } = await ecs.send(new ListTasksCommand({ cluster: "test", serviceName: site.name }));
    const task = await directUrl(local.endpoint, taskArns?.[0] ?? "");
    const { through, direct } = await timePairs(site.url, task);
    return {
      name: "what the proxy adds to a request, at the median",
      value: median(through.map((own, index) => own - (direct[index] ?? Number.NaN))),
      atMost: 2,
      unit: "ms",
      detail: `${pairs} pairs; through it ${median(through).toFixed(2)} ms, to the task ${median(direct).toFixed(2)} ms`,
    };
  });
}

async function timePairs(proxy: string, task: string): Promise<{ through: number[]; direct: number[] }> {
  const agent = new Agent({ keepAlive: true });
  const through: number[] = [];
  const direct: number[] = [];
  for (let pair = -unmeasured; pair < pairs; pair += 1) {
    const viaProxy = await timed(proxy, agent);
    const toTask = await timed(task, agent);
    if (pair < 0) continue;
    through.push(viaProxy);
    direct.push(toTask);
  }
  agent.destroy();
  return { through, direct };
}

/** Where a task itself listens on this machine. */
async function directUrl(endpoint: string, taskArn: string): Promise<string> {
  const response = await fetch(`${endpoint}/_slipway/tasks`);
  const { tasks } = (await response.json()) as { tasks: { taskArn: string; urls: string[] }[] };
  return tasks.find((task) => task.taskArn === taskArn)?.urls[0] ?? "";
}

function timed(url: string, agent: Agent): Promise<number> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.once("end", () => resolve(performance.now() - started));
      response.once("error", reject);
      response.resume();
    }).once("error", reject);
  });
}
