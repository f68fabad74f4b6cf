/** `npm run generate`: writes the files that are made from others. Run it after updating the AWS SDK or the schema. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { environmentsJsonSchema } from "../core/environments/json-schema.ts";
import { autoScalingModelSource } from "./auto-scaling-model.ts";
import { instanceTypesSource, regionsSource } from "./aws-names.ts";
import { ecsEnumsSource } from "./ecs-enums.ts";
import { ecsModelSource } from "./ecs-model.ts";
import { withHardeningTable } from "./hardening-table.ts";

write("../core/aws-model/ecs-model.generated.ts", ecsModelSource());
write("../core/aws-model/auto-scaling-model.generated.ts", autoScalingModelSource());
write("../local/ecs/api/enums.generated.ts", ecsEnumsSource());
write("../core/environments/instance-types.generated.ts", instanceTypesSource());
write("../core/environments/regions.generated.ts", regionsSource());
write("../../environments.schema.json", `${JSON.stringify(environmentsJsonSchema(), undefined, 2)}\n`);
const guide = "../../docs/hardening.md";
write(guide, withHardeningTable(readFileSync(new URL(guide, import.meta.url), "utf8")));

function write(file: string, text: string): void {
  const target = new URL(file, import.meta.url);
  writeFileSync(target, text);
  process.stdout.write(`Wrote ${fileURLToPath(target)}\n`);
}
