// Lists every hardening rule with its state in every environment: `npm run audit`.
import { runAudit } from "./audit/run-audit.ts";

process.exitCode = runAudit(process.argv.slice(2), process);
