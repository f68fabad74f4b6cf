import type {
  ContainerInstance,
  DesiredStatus,
  ExecuteCommandRequest,
  ExecuteCommandResponse,
  Failure,
  RunTaskRequest,
  Task,
} from "@aws-sdk/client-ecs";

/** What RunTask gives: tasks that start, and those that could not be placed. */
interface RunTaskAnswer {
  readonly tasks: readonly Task[];
  readonly failures: readonly Failure[];
}

/** What the deploy script asks of ECS about tasks as they run. Every method throws AwsCallError. */
export interface EcsRunningTasksPort {
  /**
   * All tasks of a service that are to run, or those that stopped within the hour for which ECS remembers them. Any
   * number: lists are paged, descriptions asked for a hundred at a time.
   */
  ofService(cluster: string, service: string, desiredStatus: DesiredStatus): Promise<readonly Task[]>;
  /** Tasks by id or ARN, any number; those that ECS no longer knows are left out. */
  describe(cluster: string, tasks: readonly string[]): Promise<readonly Task[]>;
  /** Container instances by ARN, any number; those that are gone are left out. */
  hosts(cluster: string, arns: readonly string[]): Promise<readonly ContainerInstance[]>;
  /**
   * Starts up to ten tasks. With a client token it may be tried again.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
   */
  run(input: RunTaskRequest): Promise<RunTaskAnswer>;
  /** Opens a session in a container. */
  execute(input: ExecuteCommandRequest): Promise<ExecuteCommandResponse>;
}
