import { expect, test } from "@jest/globals";

import { ScaledClock } from "../../scripts/local/clock.ts";
import { realBehaviour } from "../../scripts/local/containers/catalogue.ts";
import type { StartContainer } from "../../scripts/local/containers/runner.ts";
import { ContainerServers } from "../../scripts/local/containers/servers.ts";

const container: StartContainer = {
  type: "start-container",
  taskArn: "arn:aws:ecs:us-east-1:123456789012:task/test/one",
  taskId: "one",
  container: "web",
  image: "nginx:1",
  family: "web",
  revision: 1,
  startedAt: 0,
  behaviour: realBehaviour,
  ports: [80],
  environment: {},
  command: [],
  entryPoint: [],
  memoryMiB: null,
  check: undefined,
  endpoints: [{ host: "10.0.0.1", port: 80 }],
};

test("a container that is stopped in the moment of its start listens nowhere, and a step does not wait for it", async () => {
  const clock = new ScaledClock(1);
  const servers = new ContainerServers(clock);
  const started = servers.start(container);
  if (started) clock.track(started);
  servers.stop("one", undefined, true);
  await clock.step(1000);
  expect(servers.portOf("one", "web", 80)).toBeUndefined();
  expect(servers.localPort({ host: "10.0.0.1", port: 80 })).toBeUndefined();
});

test("a container can be reached once it is started", async () => {
  const servers = new ContainerServers(new ScaledClock(1));
  await servers.start(container);
  expect(servers.portOf("one", "web", 80)).toEqual(expect.any(Number));
  expect(servers.localPort({ host: "10.0.0.1", port: 80 })).toBe(servers.portOf("one", "web", 80));
  await servers.close();
  expect(servers.portOf("one", "web", 80)).toBeUndefined();
});
