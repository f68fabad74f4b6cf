import { describe, expect, test } from "@jest/globals";

import { recordChanges } from "../../scripts/local/iam/requests/record-changes.ts";

const change = (action: string, name: string, type: string) =>
  `<Change><Action>${action}</Action><ResourceRecordSet><Name>${name}</Name><Type>${type}</Type>` +
  "<AliasTarget><HostedZoneId>Z1</HostedZoneId><DNSName>lb.example.net</DNSName></AliasTarget></ResourceRecordSet></Change>";
const body = (...changes: readonly string[]) =>
  Buffer.from(
    `<ChangeResourceRecordSetsRequest><ChangeBatch><Changes>${changes.join("\n")}</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>`,
  );

// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-conditions-route53.html
describe("a change of records has for Route 53's condition keys", () => {
  test.each([
    ["Shop.Example.com.", "shop.example.com"],
    ["*.example.com", String.raw`\052.example.com`],
    [String.raw`\052.example.com`, String.raw`\052.example.com`],
    ["a_b-c.example.com", "a_b-c.example.com"],
  ])("the name %s as %s", (written, normalized) => {
    expect(recordChanges(body(change("UPSERT", written, "A")))).toMatchObject({ RecordNames: [normalized] });
  });

  test("the names, types and actions of all its changes, each once, and none of what they point to", () => {
    expect(
      recordChanges(
        body(
          change("UPSERT", "a.example.com", "A"),
          change("DELETE", "b.example.com", "A"),
          change("UPSERT", "b.example.com", "AAAA"),
        ),
      ),
    ).toEqual({
      RecordNames: ["a.example.com", "b.example.com"],
      RecordTypes: ["A", "AAAA"],
      RecordActions: ["UPSERT", "DELETE"],
    });
  });
});
