import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
  type Change,
  type ResourceRecordSet,
} from "@aws-sdk/client-route-53";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";

import { clientSettings } from "../../scripts/aws/client-settings.ts";
import { recordsPort } from "../../scripts/aws/records.ts";
import type { RecordsPort } from "../../scripts/core/ports/records.ts";
import type { LocalAws } from "../../scripts/local/start.ts";
import { settingsFor } from "../helpers/local-admin.ts";
import { startLocalForTests } from "../helpers/local-for-tests.ts";

let local: LocalAws;
let route53: Route53Client;
let records: RecordsPort;
let zone: string;

beforeAll(async () => {
  local = await startLocalForTests({ throttle: false });
  const settings = { ...clientSettings("us-east-1"), ...settingsFor(local, "us-east-1") };
  route53 = new Route53Client(settings);
  records = recordsPort(settings, () => undefined);
}, 120_000);

beforeEach(async () => {
  const { HostedZone } = await route53.send(
    new CreateHostedZoneCommand({ Name: "example.com", CallerReference: expect.getState().currentTestName }),
  );
  zone = HostedZone?.Id ?? "";
});

afterAll(async () => {
  route53.destroy();
  await local.stop();
});

const blue = { host: "shop.example.com", dnsName: "blue.elb.amazonaws.com", zoneId: "Z35SXDOTRQ7X7K" };
const green = { ...blue, dnsName: "green.elb.amazonaws.com" };

function text(Name: string, ...values: readonly string[]): ResourceRecordSet {
  return { Name, Type: "TXT", TTL: 60, ResourceRecords: values.map((Value) => ({ Value: `"${Value}"` })) };
}

const change = (...Changes: Change[]) =>
  route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zone, ChangeBatch: { Changes } }));

async function names(): Promise<readonly string[]> {
  const { ResourceRecordSets = [] } = await route53.send(
    new ListResourceRecordSetsCommand({ HostedZoneId: zone }),
  );
  return ResourceRecordSets.flatMap(({ Name = "", Type }) => (Type === "TXT" ? [Name] : []));
}

describe("a record that a run of ours", () => {
  test("deletes is gone, also where it was gone already or never there", async () => {
    await records.delete(zone, blue);
    await records.put(zone, blue);
    await records.delete(zone, blue);
    await records.delete(zone, blue);
    expect(await records.alias(zone, blue.host)).toBeUndefined();
  });

  test("deletes stays where it points somewhere else by now", async () => {
    await records.put(zone, green);
    await expect(records.delete(zone, blue)).rejects.toMatchObject({
      code: "InvalidChangeBatch",
      message: expect.stringContaining("the values provided do not match the current values") as unknown,
    });
    expect(await records.alias(zone, blue.host)).toEqual(green);
  });

  test("creates is made only where there is none, and is left as it is where there is one", async () => {
    expect(await records.create(zone, blue)).toBe(true);
    expect(await records.create(zone, green)).toBe(false);
    expect(await records.alias(zone, blue.host)).toEqual(blue);
  });
});

// https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
describe("a batch of changes on the local AWS", () => {
  test("is refused in Route 53's words, with all that is wrong, and changes nothing", async () => {
    await change({ Action: "UPSERT", ResourceRecordSet: text("a.example.com", "1") });
    const refused = change(
      { Action: "UPSERT", ResourceRecordSet: text("b.example.com", "1") },
      { Action: "DELETE", ResourceRecordSet: text("c.example.com", "1") },
      { Action: "DELETE", ResourceRecordSet: text("a.example.com", "2") },
      { Action: "CREATE", ResourceRecordSet: text("A.example.com.", "1") },
    );
    await expect(refused).rejects.toMatchObject({
      name: "InvalidChangeBatch",
      message:
        "[Tried to delete resource record set [name='c.example.com.', type='TXT'] but it was not found, " +
        "Tried to delete resource record set [name='a.example.com.', type='TXT'] but the values provided do not match the current values, " +
        "Tried to create resource record set [name='a.example.com.', type='TXT'] but it already exists]",
      $metadata: { httpStatusCode: 400 },
    });
    expect(await names()).toEqual(["a.example.com."]);
  });

  test("may delete a record and create it anew, also where there are others behind it", async () => {
    await change({ Action: "UPSERT", ResourceRecordSet: text("b.example.com", "1") });
    await change({ Action: "CREATE", ResourceRecordSet: text("a.example.com", "1", "2 & 3") });
    await change(
      { Action: "DELETE", ResourceRecordSet: text("a.example.com", "1", "2 & 3") },
      { Action: "CREATE", ResourceRecordSet: text("a.example.com", "4") },
    );
    await change({ Action: "DELETE", ResourceRecordSet: text("a.example.com", "4") });
    await change({ Action: "CREATE", ResourceRecordSet: text("a.example.com", "4") });
    expect(await names()).toEqual(["a.example.com.", "b.example.com."]);
  });
});
