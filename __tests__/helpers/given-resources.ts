import type { LocalAws } from "../../scripts/local/start.ts";
import { plainCall } from "./terraform-inventory.ts";

const bucket = "client-authorities";

/**
 * Makes what an environments file refers to and the stacks do not make: a web ACL, and a bucket with the certificates of
 * the authorities whose clients a load balancer lets in.
 */
export async function givenResources(
  { endpoint }: Pick<LocalAws, "endpoint">,
  authorities: string,
): Promise<{ readonly webAclArn: string }> {
  const put = async (url: string, body: string): Promise<void> => {
    const authorization =
      "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";
    const response = await fetch(`${endpoint}/${url}`, { method: "PUT", headers: { authorization }, body });
    if (!response.ok) throw new Error(`S3 answered ${response.status}: ${await response.text()}`);
  };
  await put(bucket, "");
  await put(`${bucket}/authorities.pem`, authorities);
  const visibility = { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: "site" };
  const answer = await plainCall(endpoint, {
    service: "wafv2",
    target: "AWSWAF_20190729.CreateWebACL",
    body: JSON.stringify({
      Name: "site",
      Scope: "REGIONAL",
      DefaultAction: { Allow: {} },
      VisibilityConfig: visibility,
    }),
  });
  const { Summary } = JSON.parse(answer) as { Summary: { ARN: string } };
  return { webAclArn: Summary.ARN };
}
