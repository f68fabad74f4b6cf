import type {
  CreateDeploymentGroupInput,
  DeploymentGroupInfo,
  DeploymentInfo,
  DeploymentStatus,
  DeploymentTarget,
  RevisionLocation,
  UpdateDeploymentGroupInput,
} from "@aws-sdk/client-codedeploy";

/** A new deployment of an AppSpec; CodeDeploy has no client token for it. */
export interface CodeDeployRequest {
  readonly application: string;
  readonly group: string;
  /** JSON or YAML. */
  readonly appSpec: string;
  /** At most 512 characters; what the deployment is found again by. */
  readonly description: string;
  readonly deploymentConfig?: string;
  /** Whether CodeDeploy rolls back where the deployment fails or an alarm stops it, whatever its group says. */
  readonly rollback: boolean;
}

/** Which deployments of a group are asked for. */
interface CodeDeployQuery {
  readonly statuses?: readonly DeploymentStatus[];
  readonly createdAfter?: Date;
  /** How many at most. */
  readonly limit: number;
}

/**
 * What the deploy script asks of CodeDeploy, whose deployments of ECS services have one target each. Every method
 * throws AwsCallError.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_Operations.html
 */
export interface CodeDeployPort {
  /** Names of all applications. */
  applications(): Promise<readonly string[]>;
  /** All groups of an application; none where there is no such application. */
  groups(application: string): Promise<readonly DeploymentGroupInfo[]>;
  /** One group; undefined where there is none of this name, or no such application. */
  group(application: string, name: string): Promise<DeploymentGroupInfo | undefined>;
  /** @throws AwsCallError `DeploymentGroupAlreadyExistsException` where there is one of this name */
  createGroup(input: CreateDeploymentGroupInput): Promise<void>;
  updateGroup(input: UpdateDeploymentGroupInput): Promise<void>;
  deleteGroup(application: string, name: string): Promise<void>;
  /** Whether there is a deployment configuration of this name. */
  hasConfig(name: string): Promise<boolean>;
  /** Ids of a group's deployments, newest first. */
  list(application: string, group: string, query: CodeDeployQuery): Promise<readonly string[]>;
  /** Deployments by id, in the order of the ids; those that do not exist are left out. */
  describe(ids: readonly string[]): Promise<readonly DeploymentInfo[]>;
  /** A deployment's one target; undefined before it has begun. */
  target(id: string): Promise<DeploymentTarget | undefined>;
  /** The text of an AppSpec that was deployed; undefined where it is not kept by CodeDeploy, as one in S3. */
  appSpec(application: string, revision: RevisionLocation): Promise<string | undefined>;
  /** Starts a deployment; tried again only where AWS surely did nothing. */
  create(request: CodeDeployRequest): Promise<string>;
  /** Lets a deployment that is ready move its traffic. */
  approve(id: string): Promise<void>;
  /** Stops a deployment; the traffic goes back. */
  stopAndRollBack(id: string): Promise<void>;
}
