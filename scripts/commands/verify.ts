import { serviceToBe } from "../core/capacity/rollout.ts";
import type { Check } from "../core/check.ts";
import { fixedMembersThatDiffer } from "../core/deployment/service-changes.ts";
import { exitCode } from "../core/exit-code.ts";
import { failed, skipped } from "../core/verify/facts.ts";
import { summaryOf, type VerifiedService, type VerifyReport } from "../core/verify/report.ts";
import { verifyService } from "../core/verify/verify-service.ts";
import type { CommandResult } from "../terminal/command-result.ts";
import { verifyText } from "../terminal/verify-text.ts";
import { awsFacts } from "./facts/aws-facts.ts";
import { checkAutoscaling } from "./scaling/verify.ts";
import { bothInputs, type BothInputs } from "./templates/both-inputs.ts";
import { checkCapacity } from "./facts/check-capacity.ts";
import { runContext, type RunCommand, type RunEdge } from "./run-context.ts";
import { runningImageMark } from "./templates/running-image.ts";
import { verifySubjects, type VerifySubject } from "./facts/verify-subjects.ts";

/**
 * `./deploy verify`: everything that can be known before the rollout, each thing asked for once for all services.
 * It changes nothing, and exits with 4 where something would break a rollout.
 *
 * Where CONTAINER_VERSION is not set, the image that runs takes its place.
 *
 * @throws InvalidInputError with every mistake of every template
 */
export async function verify(command: RunCommand, edge: RunEdge): Promise<CommandResult> {
  const context = await runContext(command, edge);
  const image = context.known.image ?? runningImageMark;
  const read = await bothInputs(
    command,
    { ...context, known: { ...context.known, image } },
    edge.workingFolder,
  );
  const inputs = await Promise.all(
    read.map(async (one) => {
      if (one.staged === undefined) return one;
      const { inputsToVerify } = await import("./staged/verify-inputs.ts");
      return inputsToVerify(one, one.staged, context);
    }),
  );
  const subjects = await verifySubjects(inputs, context);
  const facts = awsFacts(context);
  const [capacity, scaling, ...checks] = await Promise.all([
    checkCapacity(subjects, context, facts),
    Promise.all(inputs.map((one, index) => checkAutoscaling(one, subjects[index]?.running, context))),
    ...subjects.map((subject) => verifyService(subject, context.region, facts)),
  ]);
  const services = subjects.map((subject, index): VerifiedService => {
    const room = capacity[index];
    const input = inputs[index];
    const all = [
      ...(input === undefined ? [] : checkStatus(input, subject)),
      ...(checks[index] ?? []),
      ...(room === undefined ? [] : [room]),
      ...(scaling[index] ?? []),
    ];
    const { cluster, running, unread } = subject;
    const service = read[index]?.serviceName ?? subject.serviceName;
    // A deployment to be staged is new, whatever runs of the application.
    const isKnown = unread === undefined && read[index]?.staged === undefined;
    const exists = isKnown ? { exists: running?.status === "ACTIVE" } : {};
    return { service, cluster, ...exists, checks: all };
  });
  const summary = summaryOf(services);
  const code = summary.failed > 0 ? exitCode.refused : exitCode.completed;
  const report: VerifyReport = {
    command: "verify",
    environment: context.environment.name,
    region: context.region,
    exitCode: code,
    summary,
    services,
  };
  return { exitCode: code, document: report, text: (paint, columns) => verifyText(report, paint, columns) };
}

/** What the service's own state has against an update or a creation. */
function checkStatus({ fixedAtCreation }: BothInputs, subject: VerifySubject): readonly Check[] {
  const { running, serviceName, unread } = subject;
  const name = `service ${serviceName}`;
  if (unread !== undefined) return [skipped(name, unread)];
  if (running?.status === "DRAINING") {
    return [
      failed(
        name,
        "it was deleted and is still DRAINING.",
        "Wait until its last task has stopped; then it can be created anew.",
      ),
    ];
  }
  if (running?.status !== "ACTIVE") return [];
  const differing = fixedMembersThatDiffer(fixedAtCreation, running);
  const controller = serviceToBe(subject).deploymentController?.type ?? "ECS";
  return [
    ...differing.map(({ member, from, to }) =>
      failed(
        name,
        `its ${member} is ${String(from)}, the template asks for ${String(to)}, and AWS changes that on no existing service.`,
        "Create a second service beside it, or put the template back.",
      ),
    ),
    ...(controller !== "EXTERNAL"
      ? []
      : [
          failed(
            name,
            `its deployment controller is ${controller}, and create and update deploy services with controller ECS or CODE_DEPLOY.`,
            "Deploy it with what its controller is made for.",
          ),
        ]),
  ];
}
