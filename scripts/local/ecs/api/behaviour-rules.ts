import { BehaviourError, parseBehaviour } from "../../containers/behaviour.ts";
import { behaviourVariable } from "../../containers/catalogue.ts";

/** Refuses a behaviour that cannot be, in words of our own: AWS has no such thing. */
export function checkBehaviour(container: string, asked: string, refuse: (message: string) => Error): void {
  try {
    parseBehaviour(asked);
  } catch (error) {
    if (!(error instanceof BehaviourError)) throw error;
    throw refuse(`The local AWS cannot run container '${container}': ${behaviourVariable}: ${error.message}`);
  }
}
