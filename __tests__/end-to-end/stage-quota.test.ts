import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { DescribeTargetGroupsCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ListTaskDefinitionsCommand } from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";

import { StageWorld } from "../helpers/stage-world.ts";

jest.setTimeout(120_000);

let world: StageWorld;

beforeAll(async () => {
  world = await StageWorld.start(200);
});

afterAll(async () => {
  await world.stop();
});

/** Stands before the local AWS, which knows no quotas, and answers an operation as Elastic Load Balancing does. */
async function usedUp(operation: string, code: string): Promise<{ endpoint: string; server: Server }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      if (body.includes(`Action=${operation}&`)) {
        const text = `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>limit reached</Message></Error><RequestId>1</RequestId></ErrorResponse>`;
        response.writeHead(400, { "content-type": "text/xml" }).end(text);
        return;
      }
      const { host: _, connection: __, "content-length": ___, ...headers } = request.headers;
      void (async () => {
        const answer = await fetch(new URL(request.url ?? "/", world.local.endpoint), {
          method: request.method ?? "POST",
          headers: headers as Record<string, string>,
          ...(body.length === 0 ? {} : { body }),
        });
        const type = answer.headers.get("content-type") ?? "text/plain";
        response
          .writeHead(answer.status, { "content-type": type })
          .end(Buffer.from(await answer.arrayBuffer()));
      })();
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

test.each([
  ["CreateTargetGroup", "TooManyTargetGroups", "Target Groups per Region"],
  ["CreateRule", "TooManyRules", "Rules per Application Load Balancer"],
])(
  "a stage whose %s meets a quota ends with 5, names the quota and what makes room, and leaves nothing",
  async (operation, code, quota) => {
    const templates = await world.templates("api");
    const { endpoint, server } = await usedUp(operation, code);
    try {
      const options = { image: "app:1", templates, endpoint };
      const { stdout, exitCode } = await world.running(["stage", "api"], options);
      expect(exitCode).toBe(5);
      expect(stdout).toContain(`"${quota}"`);
      expect(stdout).toContain("was taken down again");
      expect(stdout).toContain("api has no deployment to take down");
    } finally {
      server.closeAllConnections();
      server.close();
    }
    const { TargetGroups = [] } = await world.elb.send(new DescribeTargetGroupsCommand({}));
    expect(
      TargetGroups.filter(({ TargetGroupName = "" }) => TargetGroupName.startsWith("test-api-")),
    ).toEqual([]);
    const { taskDefinitionArns } = await world.ecs.send(
      new ListTaskDefinitionsCommand({ familyPrefix: "test-api", status: "ACTIVE" }),
    );
    expect(taskDefinitionArns).toEqual([]);
    expect(await world.states("api")).toEqual([]);
  },
);
