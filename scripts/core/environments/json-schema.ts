/**
 * The JSON schema of environments.jsonc, for editors; environments.schema.json holds it.
 */
import * as z from "zod";
import { fileSchema } from "./schema.ts";

/** Makes the JSON schema (draft 2020-12) from the schema that the file is read with. Defaults are optional in it. */
export function environmentsJsonSchema(): object {
  return z.toJSONSchema(fileSchema, { io: "input" });
}
