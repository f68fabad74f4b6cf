import { AwsCallError, RefusedError, UsageError } from "../core/errors.ts";
import { chooseTarget, commandLineOf } from "../core/exec/choose.ts";
import { exitCode } from "../core/exit-code.ts";
import { shortName } from "../core/short-name.ts";
import type { CommandResult } from "../terminal/command-result.ts";
import { oneService } from "./one-service.ts";
import { runContext, type RunCommand, type RunEdge } from "./run-context.ts";
import { findSessionPlugin, runSessionPlugin } from "./session-plugin.ts";

/**
 * `./deploy exec [service] [-- command...]`: a command, or a shell, in a running container, by ECS Exec and AWS's own
 * session plugin, which gets the terminal until the session ends.
 *
 * @throws RefusedError when no container can be meant, ECS Exec does not work in it, or the plugin is not there
 */
export async function exec(command: RunCommand, edge: RunEdge): Promise<CommandResult> {
  const { options } = command;
  if (options.output === "json" || options.events) {
    throw new UsageError(
      "./deploy exec hands the terminal to the session, so it takes no --output json and no --events.",
    );
  }
  const context = await runContext(command, edge);
  const { serviceName, cluster, service, staged } = await oneService(command, context, edge.workingFolder);
  const { ecsRunningTasksPort } = await import("../aws/ecs-running-tasks.ts");
  const port = context.connect(ecsRunningTasksPort);
  const target = chooseTarget(await port.ofService(cluster, serviceName, "RUNNING"), {
    service: serviceName,
    cluster,
    enabled: service.enableExecuteCommand === true,
    ...(options.task === undefined ? {} : { task: options.task }),
    ...(options.container === undefined ? {} : { container: options.container }),
  });
  const plugin = await findSessionPlugin(edge.variables);
  const commandLine = commandLineOf(command.command);
  const { session, clusterArn } = await openSession();
  if (session === undefined) {
    throw new AwsCallError("EmptyAnswer", "ecs:ExecuteCommand: AWS answered without a session.");
  }
  context.emit({
    type: "note",
    message: `${commandLine} in container ${target.container} of task ${target.task}`,
  });
  const { ssmEndpoint } = await import("../aws/ssm-endpoint.ts");
  const code = await runSessionPlugin(
    plugin,
    {
      session,
      region: context.region,
      target: `ecs:${shortName(clusterArn ?? cluster)}_${target.task}_${target.runtimeId}`,
      endpoint: ssmEndpoint(context.region, edge.variables),
      ...(options.profile === undefined ? {} : { profile: options.profile }),
    },
    edge.variables,
  );
  if (code !== 0) {
    const how = code === undefined ? "was ended by a signal" : `ended with ${code}`;
    context.emit({ type: "warning", message: `The session plugin ${how}.` });
  }
  const interrupted = code === undefined || edge.signal.aborted;
  return {
    exitCode: code === 0 ? exitCode.completed : interrupted ? exitCode.interrupted : exitCode.failed,
    document: {
      command: command.verb,
      service: serviceName,
      cluster,
      ...(staged === undefined ? {} : { deploymentId: staged.deploymentId }),
      task: target.task,
      container: target.container,
    },
    text: () => "",
  };

  async function openSession() {
    try {
      return await port.execute({
        cluster,
        task: target.taskArn,
        container: target.container,
        interactive: true,
        command: commandLine,
      });
    } catch (error) {
      if (!(error instanceof AwsCallError) || error.code !== "TargetNotConnectedException") throw error;
      throw new RefusedError(
        `${error.message}\nThe agent in the task has no connection to Systems Manager: check the task role's ssmmessages permissions and the way out of its subnets.`,
        { cause: error },
      );
    }
  }
}
