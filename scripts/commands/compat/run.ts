import type { CompatWork } from "../../core/compat/command.ts";
import type { Invocation } from "../../core/invocation.ts";
import type { RunCommand, RunContext, RunEdge } from "../run-context.ts";

/** What each kind of work in ecs-deploy's form is done with. */
export interface CompatRun<Work extends CompatWork = CompatWork> {
  readonly work: Work;
  /** The options in the form that the rest of the program reads. */
  readonly command: RunCommand;
  readonly context: RunContext;
  /** How commands on the same service are called. */
  readonly next: Invocation;
  readonly edge: RunEdge;
}
