import { imagesOf } from "../../core/deployment/task-definition.ts";
import { AwsCallError } from "../../core/errors.ts";
import { revisionsOf } from "../../core/logs/places.ts";
import { formatEcrImage, type EcrImage } from "../../core/ports/ecr.ts";
import { imagesInRegistry, pinTag } from "../../core/registry/pins.ts";
import type { Planned } from "../rollout/job.ts";
import type { RunContext } from "../run-context.ts";
import { holderOf } from "./holder.ts";

/** A service whose images are to stay as long as it may need them. */
export interface PinSubject {
  readonly serviceName: string;
  readonly cluster: string;
  /** Images of what the run brings. */
  readonly brings: readonly string[];
  /** ARNs of the revisions that run before it, which a rollback goes back to. */
  readonly running: readonly string[];
  /** Whether something is brought that was not there before; going back is never held up by a pin. */
  readonly isNew: boolean;
}

/** What a plan brings and leaves; undefined where it begins no deployment. */
export function pinSubject({ job, observed, plan }: Planned): PinSubject | undefined {
  const begins = plan.steps.some(
    ({ kind }) => kind === "createService" || kind === "updateService" || kind === "createCodeDeployment",
  );
  if (!begins) return undefined;
  return {
    serviceName: job.serviceName,
    cluster: job.cluster,
    brings: job.images(observed),
    running: observed.service === undefined ? [] : revisionsOf(observed.service),
    isNew: plan.steps.some(({ kind }) => kind === "registerTaskDefinition" || kind === "createService"),
  };
}

/**
 * Pins the images of a run that are in the environment's registry, before the first write: those that it brings, and
 * those that run and that a rollback would bring again. Nothing is asked where there is no registry.
 *
 * @throws AwsCallError when a new image cannot be pinned, since it could expire while it runs; with `force`, and where
 * nothing new is brought, that is a warning
 */
export async function pinImages(
  subjects: readonly PinSubject[],
  { force }: { readonly force: boolean },
  context: RunContext,
): Promise<void> {
  if (context.environment.registry === undefined) return;
  const wishes = (await Promise.all(subjects.map((subject) => wishesOf(subject, context)))).flat();
  if (wishes.length === 0) return;
  const { ecrPinsPort } = await import("../../aws/ecr-pins.ts");
  const port = context.connect(ecrPinsPort);
  const refused: AwsCallError[] = [];
  await Promise.all(
    wishes.map(async ({ image, subject, isBrought }) => {
      const holder = holderOf(subject, context);
      try {
        // That an image is not there, the checks before have told; one that runs and is gone nobody can pin.
        await port.pin(image, (digest) => pinTag(holder, digest));
      } catch (error) {
        if (!(error instanceof AwsCallError)) throw error;
        const what = `Image ${formatEcrImage(image)} could not be pinned, so it may expire while it is needed.`;
        if (isBrought && subject.isNew && !force) refused.push(refusal(what, error));
        else {
          const message = `${what} ${error.message}`;
          context.emit({ type: "warning", service: subject.serviceName, message });
        }
      }
    }),
  );
  if (refused[0] !== undefined) throw refused[0];
}

interface Wish {
  readonly image: EcrImage;
  readonly subject: PinSubject;
  /** By the run itself, and not by one before it. */
  readonly isBrought: boolean;
}

async function wishesOf(
  subject: PinSubject,
  { environment: { registry }, ecs }: RunContext,
): Promise<readonly Wish[]> {
  if (registry === undefined) return [];
  const revisions = await Promise.all(subject.running.map((arn) => ecs.describeTaskDefinition(arn)));
  const running = revisions.flatMap((revision) =>
    revision === undefined ? [] : imagesOf(revision.taskDefinition),
  );
  const brought = imagesInRegistry(subject.brings, registry);
  const others = imagesInRegistry(
    running.filter((image) => !subject.brings.includes(image)),
    registry,
  );
  return [
    ...brought.map((image) => ({ image, subject, isBrought: true })),
    ...others.map((image) => ({ image, subject, isBrought: false })),
  ];
}

function refusal(what: string, error: AwsCallError): AwsCallError {
  return new AwsCallError(
    error.code,
    `${what} ${error.message}\nNothing was changed. The deployer needs ecr:BatchGetImage and ecr:PutImage on the repository (stack "users" gives them); --force goes on without a pin.`,
    { cause: error },
  );
}
