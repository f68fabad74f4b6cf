import {
  ChangeResourceRecordSetsCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
  type ChangeAction,
  type ResourceRecordSet,
} from "@aws-sdk/client-route-53";

import type { AliasRecord, RecordsPort } from "../core/ports/records.ts";
import { call, isAwsError, type CallObserver } from "./call.ts";
import type { ClientSettings } from "./client-settings.ts";
import { paced } from "./paced.ts";

/** Route 53 through the AWS SDK. */
export function recordsPort(settings: ClientSettings, observe: CallObserver): RecordsPort {
  const client = paced(new Route53Client(settings));

  const alias = async (HostedZoneId: string, host: string): Promise<AliasRecord | undefined> => {
    // Records come in the order of their names, from this one on.
    const { ResourceRecordSets = [] } = await call("route53:ListResourceRecordSets", observe, () =>
      client.send(
        new ListResourceRecordSetsCommand({
          HostedZoneId,
          StartRecordName: host,
          StartRecordType: "A",
          MaxItems: 1,
        }),
      ),
    );
    const [record] = ResourceRecordSets;
    if (record?.Type !== "A" || plain(record.Name) !== plain(host)) return undefined;
    const { DNSName, HostedZoneId: zoneId } = record.AliasTarget ?? {};
    return DNSName === undefined || zoneId === undefined
      ? undefined
      : { host, dnsName: plain(DNSName), zoneId };
  };

  const change = async (HostedZoneId: string, Action: ChangeAction, record: AliasRecord): Promise<void> => {
    await call("route53:ChangeResourceRecordSets", observe, () =>
      client.send(
        new ChangeResourceRecordSetsCommand({
          HostedZoneId,
          ChangeBatch: { Changes: [{ Action, ResourceRecordSet: recordSet(record) }] },
        }),
      ),
    );
  };

  return {
    alias,
    put: (zone, record) => change(zone, "UPSERT", record),

    async create(zone, record) {
      try {
        await change(zone, "CREATE", record);
        return true;
      } catch (error) {
        // Route 53's answer where there is a record of that name, among others.
        if (isAwsError(error, "InvalidChangeBatch")) return false;
        throw error;
      }
    },

    async delete(zone, record) {
      try {
        await change(zone, "DELETE", record);
      } catch (error) {
        // Route 53's answer where there is no such record, among others; so we look.
        if (!isAwsError(error, "InvalidChangeBatch") || (await alias(zone, record.host)) !== undefined)
          throw error;
      }
    },
  };
}

function recordSet({ host, dnsName, zoneId }: AliasRecord): ResourceRecordSet {
  return {
    Name: host,
    Type: "A",
    AliasTarget: { DNSName: dnsName, HostedZoneId: zoneId, EvaluateTargetHealth: false },
  };
}

/** Route 53 writes a `*` as `\052`, and a dot at the end of every name. */
function plain(name = ""): string {
  return name.replaceAll("\\052", "*").replace(/\.$/, "").toLowerCase();
}
