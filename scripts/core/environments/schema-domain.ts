import * as z from "zod";
import { certificateArn } from "./schema-common.ts";

const domainName = z.string().regex(/^(?=.{1,100}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/);
const zoneId = z.string().regex(/^[A-Z0-9]{1,32}$/);

const label = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?";
const recordName = z
  .string()
  .regex(new RegExp(`^(@|\\*|(\\*\\.)?${label}(\\.${label})*)$`))
  .describe(
    'Names within the zone: "@" for its own name, "*" for every name directly below it, "www" for www.<domain>.',
  );
const recordNames = z.array(recordName).min(1).max(50);

/** The domain of an environment: its zones, its certificate and the names of its load balancers. */
export const domain = z
  .strictObject({
    name: domainName.describe("As in example.com; staged deployments answer at <id>.stage.<name>."),
    hostedZoneId: zoneId
      .optional()
      .describe("The Route 53 zone that gets their records; without a zone nobody's DNS is touched."),
    hostedZone: z
      .literal("own")
      .optional()
      .describe(
        'In place of hostedZoneId: "own" makes a public zone of that name. Its name servers are an output, to be ' +
          "entered at the registrar or in the zone above.",
      ),
    privateZone: z
      .union([z.literal("own"), z.strictObject({ name: domainName, hostedZoneId: zoneId })])
      .optional()
      .describe(
        'The zone that answers inside the VPC only, for the internal load balancer: "own" makes internal.<name>; ' +
          "hostedZoneId and name tell one that is there.",
      ),
    certificate: z
      .union([z.literal("request"), certificateArn])
      .optional()
      .describe(
        '"request" has ACM issue a certificate for the domain, the private zone and the names directly below them, ' +
          "validated in the public zone; an ARN names one that is there. HTTPS listeners use it.",
      ),
    records: z
      .strictObject({ external: recordNames.optional(), internal: recordNames.optional() })
      .default({})
      .describe(
        "Names that lead to the load balancers: the external one's in the public zone, the internal one's in the private zone.",
      ),
  })
  .describe("The domain of the environment's services.");
