/** A name in DNS that stands for a load balancer. */
export interface AliasRecord {
  /** The host, without a dot at its end. */
  readonly host: string;
  readonly dnsName: string;
  /** The hosted zone of the load balancer, not that of the host. */
  readonly zoneId: string;
}

/** What the deploy script asks of Route 53. Every method throws AwsCallError. */
export interface RecordsPort {
  /** The host's A record in a zone where it is an alias; undefined where there is none. */
  alias(hostedZoneId: string, host: string): Promise<AliasRecord | undefined>;
  /**
   * Makes the host's A record an alias of a load balancer, whatever it was.
   *
   * @see https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
   */
  put(hostedZoneId: string, record: AliasRecord): Promise<void>;
  /** Makes such a record where there is none of the name; false where AWS says that it can't be made. */
  create(hostedZoneId: string, record: AliasRecord): Promise<boolean>;
  /** Deletes a record just as it is; one that is gone is fine. */
  delete(hostedZoneId: string, record: AliasRecord): Promise<void>;
}
