import type { DeploymentEvent } from "../core/events.ts";
import type { RunView } from "./run-view.ts";

/** A reader of the one stream of events. */
export interface Display {
  /**
   * @param event its texts are clean already
   * @param view the run as it stands after the event
   */
  event(event: DeploymentEvent, view: RunView): void;
  /** Does something that writes into the same terminal. */
  beside?(write: () => void): void;
  /** Nothing more comes: timers stop, and what was held back is told. May be called twice. */
  end(): void;
}

/** Where lines go. */
export type Write = (text: string) => void;
