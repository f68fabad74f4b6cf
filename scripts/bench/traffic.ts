import { setTimeout as sleep } from "node:timers/promises";

import { startLoad } from "../load/load.ts";
import type { LoadReport } from "../load/report.ts";
import { killOneTask, waysToDeploy, type Way } from "./deployments.ts";
import type { Figure } from "./figures.ts";
import { withLocalProcess } from "./local-process.ts";
import { createSite, type Site } from "./site.ts";

const rate = 500;
/** How long the load runs before and after the deployment. */
const around = 2000;

/** What a client sees of every kind of deployment, at 500 requests a second; and that the measurement can fail. */
export function measureTraffic(report: (figure: Figure) => void): Promise<void> {
  return withLocalProcess(["--speed", "20", "--no-throttle"], async (local, environment) => {
    for (const [index, way] of waysToDeploy(local).entries()) {
      const site = await createSite(local, environment, `way-${index}`);
      report(lost(way, await deployUnderLoad(way, site)));
    }
    const control = killOneTask(local);
    report(seen(control, await deployUnderLoad(control, await createSite(local, environment, "control"))));
  });
}

async function deployUnderLoad(way: Way, site: Site): Promise<LoadReport> {
  await way.create(site, `${site.name}:1`);
  const load = startLoad({ url: new URL(way.path, site.url).href, rate });
  try {
    await sleep(around);
    await way.deploy(site, `${site.name}:2`);
    await sleep(around);
  } finally {
    await load.stop();
  }
  return load.report();
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
