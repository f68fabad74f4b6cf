import type { TaskDefinition } from "@aws-sdk/client-ecs";

import { InvalidInputError } from "../../core/errors.ts";
import type { BothInputs } from "./both-inputs.ts";

/** Stands for CONTAINER_VERSION where it is not set, until what runs has been looked at. */
export const runningImageMark = "image-that-runs.invalid/slipway:running";

/** Whether a service's templates name CONTAINER_VERSION at all. */
export function namesImage(inputs: BothInputs): boolean {
  return JSON.stringify(inputs).includes(runningImageMark);
}

/**
 * The inputs with the image that runs in the places of CONTAINER_VERSION: of the container of the same name, and for
 * other places that of the first such container.
 *
 * @param running the revision that the service runs
 * @throws InvalidInputError when there is no such image
 */
export function withRunningImage(inputs: BothInputs, running: TaskDefinition | undefined): BothInputs {
  if (!namesImage(inputs)) return inputs;
  const images = new Map(running?.containerDefinitions?.map(({ name, image }) => [name, image]));
  const containers = (inputs.taskDefinition.containerDefinitions ?? []).filter(
    ({ image }) => image === runningImageMark,
  );
  const found = containers.flatMap(({ name }) => images.get(name) ?? []);
  const [first] = found;
  if (first === undefined || found.length < containers.length) {
    const why =
      running === undefined
        ? `service ${inputs.serviceName} does not run yet`
        : "no container of what runs has an image that it could stand for";
    throw new InvalidInputError(
      `CONTAINER_VERSION is not set, and ${why}. Give the full image reference, as in CONTAINER_VERSION=nginx:alpine ./deploy …`,
    );
  }
  const taskDefinition = {
    ...inputs.taskDefinition,
    containerDefinitions: (inputs.taskDefinition.containerDefinitions ?? []).map((container) =>
      container.image === runningImageMark
        ? { ...container, image: images.get(container.name) ?? first }
        : container,
    ),
  };
  const elsewhere = (value: unknown): unknown => {
    if (typeof value === "string") return value.replaceAll(runningImageMark, first);
    if (Array.isArray(value)) return value.map(elsewhere);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, elsewhere(inner)]));
  };
  // The shape stays as it is: only texts are exchanged for texts.
  return elsewhere({ ...inputs, taskDefinition }) as BothInputs;
}
