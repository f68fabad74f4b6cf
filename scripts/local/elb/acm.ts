import { z } from "zod";

const described = z.object({
  Certificate: z.object({
    DomainName: z.string().optional(),
    SubjectAlternativeNames: z.array(z.string()).optional(),
  }),
});

/**
 * The names that a certificate in moto's ACM is for; none when it is not there, as one of IAM's is not.
 *
 * @see https://docs.aws.amazon.com/acm/latest/APIReference/API_DescribeCertificate.html
 */
export async function certificateNames(motoEndpoint: string, arn: string): Promise<string[]> {
  const region = arn.split(":")[3] ?? "";
  const response = await fetch(motoEndpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "CertificateManager.DescribeCertificate",
      // Moto takes service and Region from the scope and checks no signature.
      authorization: `AWS4-HMAC-SHA256 Credential=local/20250101/${region}/acm/aws4_request, SignedHeaders=host, Signature=none`,
    },
    body: JSON.stringify({ CertificateArn: arn }),
  });
  const answer = described.safeParse(await response.json().catch(() => undefined));
  if (!answer.success) return [];
  const { DomainName, SubjectAlternativeNames = [] } = answer.data.Certificate;
  return [...new Set([...(DomainName === undefined ? [] : [DomainName]), ...SubjectAlternativeNames])];
}
