/** `npm run generate`: writes the tables that are made from other packages. Run it after updating the AWS SDK. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { ecsModelSource } from "./ecs-model.ts";

const target = new URL("../core/aws-model/ecs-model.generated.ts", import.meta.url);
writeFileSync(target, ecsModelSource());
process.stdout.write(`Wrote ${fileURLToPath(target)}\n`);
