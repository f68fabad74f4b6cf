import type {
  CreateServiceRequest,
  RegisterTaskDefinitionRequest,
  Service,
  TaskDefinition,
  UpdateServiceRequest,
} from "@aws-sdk/client-ecs";

import type { Check } from "../../core/check.ts";
import { RefusedError } from "../../core/errors.ts";
import { verifyCheaply } from "../../core/verify/verify-service.ts";
import { awsFacts } from "../facts/aws-facts.ts";
import { checkCapacity } from "../facts/check-capacity.ts";
import type { RunContext } from "../run-context.ts";

/** A service that a run is about to change, and what will run then. */
export interface PreflightSubject {
  /** The name of its templates. */
  readonly name: string;
  readonly serviceName: string;
  readonly cluster: string;
  /** What will run: a definition that is about to be registered, or a revision. */
  readonly taskDefinition: RegisterTaskDefinitionRequest | TaskDefinition;
  /** What the run sets of the service; what it leaves out stays as it is. */
  readonly service: Partial<CreateServiceRequest> | Partial<UpdateServiceRequest>;
  /** The service as it runs; absent where it does not. */
  readonly running?: Service;
  /** Whether the plan begins a deployment; worked out from the rest where it is absent. */
  readonly beginsDeployment?: boolean;
}

/**
 * The cheap part of `./deploy verify`, before the first write: what would make the rollout fail or get stuck, and can
 * be known by a few reads that all services of the run share. What cannot be read stops nothing.
 *
 * @throws RefusedError that names every failed check with its remedy, unless `force`
 */
export async function preflight(
  services: readonly PreflightSubject[],
  context: RunContext,
  { force }: { readonly force: boolean },
): Promise<void> {
  if (services.length === 0) return;
  const facts = awsFacts(context);
  const [capacity, ...others] = await Promise.all([
    checkCapacity(services, context, facts),
    ...services.map((subject) => verifyCheaply(subject, context.region, facts)),
  ]);
  const failures: string[] = [];
  for (const [index, { serviceName }] of services.entries()) {
    const checks = [...(others[index] ?? []), capacity[index]];
    for (const check of checks) {
      if (check === undefined || check.status === "ok") continue;
      context.emit({ type: "checked", service: serviceName, check });
      if (check.status === "failed") failures.push(failureText(serviceName, check));
    }
  }
  if (failures.length === 0) return;
  if (!force) throw new RefusedError(`${failures.join("\n")}\nNothing was changed.`);
  const message = `Goes on by --force although ${failures.length === 1 ? "a check" : `${failures.length} checks`} failed:\n${failures.join("\n")}`;
  context.emit({ type: "warning", message });
}

function failureText(service: string, { name, reason, remedy }: Check): string {
  return `${service}: ${name}: ${reason}${remedy === undefined ? "" : `\n  ${remedy}`}`;
}
