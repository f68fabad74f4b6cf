import { cp, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { projectRoot } from "../../scripts/project-root.ts";

/** A copy of the project's programs with an environments.jsonc of the test's own. */
export async function moveProject(applications: readonly string[], hostedZoneId: string): Promise<string> {
  const root = projectRoot();
  const folder = await mkdtemp(path.join(os.tmpdir(), "slipway-move-"));
  await mkdir(path.join(folder, "templates"));
  for (const file of ["package.json", "cdktf.json", "dist"]) {
    await cp(path.join(root, file), path.join(folder, file), { recursive: true });
  }
  const service = { containerPort: 80, networkMode: "awsvpc", blueGreen: { by: "stage" } };
  const environment = {
    region: "us-east-1",
    network: { cidr: "10.9.0.0/16", zones: ["us-east-1a", "us-east-1b"] },
    domain: { name: "example.com", hostedZoneId },
    loadBalancers: { external: {} },
    cluster: { ec2: null },
    services: Object.fromEntries(applications.map((name) => [name, service])),
  };
  await writeFile(
    path.join(folder, "environments.jsonc"),
    JSON.stringify({ environments: { test: environment } }),
  );
  return folder;
}
