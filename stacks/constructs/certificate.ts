import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation/index.js";
import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate/index.js";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record/index.js";
import type { Construct } from "constructs";

/** What makes a certificate. */
export interface CertificateProps {
  /** The first one is its subject. */
  readonly names: readonly string[];
  /** The public zone in which ACM looks for the records that show whose the names are. */
  readonly zoneId: string;
  readonly tags: Readonly<Record<string, string>>;
}

const ttlSeconds = 300;

/**
 * Requests a certificate from ACM, makes the records that validate it and waits until it is issued.
 *
 * A name and its wildcard share one record, so that there is one for each name without a leading `*.`.
 *
 * @returns the ARN, which is there once the certificate is issued
 * @see https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
 */
export function requestCertificate(
  scope: Construct,
  id: string,
  { names, zoneId, tags }: CertificateProps,
): string {
  const [domainName = "", ...others] = names;
  const certificate = new AcmCertificate(scope, id, {
    domainName,
    subjectAlternativeNames: others,
    validationMethod: "DNS",
    tags: { ...tags },
    // A listener uses the old one until it has the new one.
    lifecycle: { createBeforeDestroy: true },
  });
  const validated = new Map(names.map((name) => [name.replace(/^\*\./, ""), name]));
  const records = [...validated.values()].map((name, index) => {
    const option = (attribute: string): string =>
      `\${one([for option in ${certificate.fqn}.domain_validation_options : option.${attribute} if option.domain_name == "${name}"])}`;
    return new Route53Record(scope, `${id}-record-${index}`, {
      zoneId,
      name: option("resource_record_name"),
      type: option("resource_record_type"),
      records: [option("resource_record_value")],
      ttl: ttlSeconds,
      // The record of a name is the same for each of its certificates, and stays where one is there.
      allowOverwrite: true,
    });
  });
  const validation = new AcmCertificateValidation(scope, `${id}-validation`, {
    certificateArn: certificate.arn,
    validationRecordFqdns: records.map(({ fqdn }) => fqdn),
  });
  return validation.certificateArn;
}
