import { describe, expect, test } from "@jest/globals";
import {
  certificate,
  codeDeploy,
  deployed,
  native,
  problemsOf,
  rule,
  staged,
} from "../helpers/environments-file.ts";
import type { Fields } from "../helpers/environments-file.ts";

/** What is wrong, the environment, where it is found and what is said. */
type Broken = readonly [title: string, environment: Fields, path: string, message: RegExp];

const broken: readonly Broken[] = [
  [
    "two staged services that want one port in two ways",
    deployed({
      api: { ...staged, listener: { port: 8443 } },
      web: {
        ...staged,
        listener: { port: 8443, protocol: "HTTPS", certificateArn: certificate("eu-west-1") },
      },
    }),
    ".services.web.blueGreen.listener.port",
    /service "api" has a listener on port 8443 with another protocol or certificate/,
  ],
  [
    "the priority of a rule",
    deployed({ web: { ...native, priority: 40_000 } }, {}, { rules: [{ ...rule, paths: ["/a"] }] }),
    ".services.web.blueGreen.priority",
    /Priority 40000 is taken by rules\[0\]/,
  ],
  [
    "one priority for two services",
    deployed({ api: codeDeploy, web: { ...native, priority: 40_100 } }),
    ".services.web.blueGreen.priority",
    /Priority 40100 is taken by service "api"/,
  ],
  [
    "one host for two services, in any case",
    deployed({
      api: { ...codeDeploy, host: "www.example.com" },
      web: { ...native, host: "WWW.example.com" },
    }),
    ".services.web.blueGreen.host",
    /Requests for www\.example\.com belong to service "api"/,
  ],
  [
    "a staged service beside another on its host, whatever the paths",
    deployed({ api: { ...codeDeploy, host: "web.example.com", paths: ["/api/*"] }, web: staged }),
    ".services.web.blueGreen",
    /Requests for web\.example\.com belong to service "api"/,
  ],
  [
    "one path of one host for two services",
    deployed({
      api: { ...codeDeploy, host: "www.example.com", paths: ["/a", "/b"] },
      web: { ...native, host: "www.example.com", paths: ["/b"] },
    }),
    ".services.web.blueGreen.host",
    /Requests for www\.example\.com\/b belong to service "api"/,
  ],
  [
    "paths that are asked for after the whole host",
    deployed({
      api: { ...codeDeploy, host: "www.example.com" },
      web: { ...native, host: "www.example.com", paths: ["/b"] },
    }),
    ".services.web.blueGreen.host",
    /paths that are asked for first/,
  ],
  [
    "the host of a rule",
    deployed({ web: native }, {}, { rules: [{ ...rule, hosts: ["web.example.com"] }] }),
    ".services.web.blueGreen",
    /Requests for web\.example\.com belong to rules\[0\]/,
  ],
];

describe("services that want the same of a load balancer give one problem, at the one that comes last", () => {
  test.each(broken)("%s", (_title, environment, path, message) => {
    expect(problemsOf({ dev: environment })).toEqual([
      { path: `$.environments.dev${path}`, message: expect.stringMatching(message) },
    ]);
  });
});
