import { setTimeout as sleep } from "node:timers/promises";

import { startLoad } from "../load/load.ts";
import type { LoadReport } from "../load/report.ts";
import { createQuickEnvironment } from "../rehearsal/without-terraform.ts";
import { killOneTask, waysToDeploy, type Way } from "./deployments.ts";
import type { Figure } from "./figures.ts";
import { startLocalProcess } from "./local-process.ts";
import { createSite } from "./site.ts";

const rate = 500;
/** How long the load runs before and after the deployment. */
const around = 2000;

/** What a client sees of every kind of deployment, at 500 requests a second; and that the measurement can fail. */
export async function* measureTraffic(): AsyncGenerator<Figure> {
  const local = await startLocalProcess(["--speed", "20", "--no-throttle"]);
  try {
    const environment = await createQuickEnvironment(local, {
      name: "test",
      hosts: 0,
      instanceType: "t3.small",
    });
    const run = async (way: Way, site: string): Promise<LoadReport> => {
      const made = await createSite(local, environment, site);
      await way.create(made, `${site}:1`);
      const load = startLoad({ url: new URL(way.path, made.url).href, rate });
      try {
        await sleep(around);
        await way.deploy(made, `${site}:2`);
        await sleep(around);
      } finally {
        await load.stop();
      }
      return load.report();
    };
    for (const [index, way] of waysToDeploy(local).entries()) {
      yield lost(way, await run(way, `way-${index}`));
    }
    const control = killOneTask(local);
    yield seen(control, await run(control, "control"));
  } finally {
    await local.stop();
  }
}

function lost({ name }: Way, report: LoadReport): Figure {
  return {
    name: `requests that failed during ${name}`,
    value: report.failed,
    atMost: 0,
    detail: detail(report),
  };
}

/** The control: a failure that the load must see. */
function seen({ name }: Way, report: LoadReport): Figure {
  const unseen = report.failed === 0 ? 1 : 0;
  return {
    name: `times that the load saw no failure with ${name}`,
    value: unseen,
    atMost: 0,
    detail: `${report.failed} failed; ${detail(report)}`,
  };
}

function detail({ sent, rate: reached, byImage, latency, examples }: LoadReport): string {
  const images = Object.entries(byImage).map(([image, { count }]) => `${count} by ${image}`);
  const median = latency
    ? `median ${latency.p50.toFixed(1)} ms, 99 % within ${latency.p99.toFixed(1)} ms`
    : "";
  return [`${sent} sent at ${Math.round(reached)}/s`, ...images, median, ...examples].join(", ");
}
