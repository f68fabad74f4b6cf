/** Steps that act on a deployment which is under way and whose traffic ECS shifts. */
export type NativeStep =
  | {
      readonly kind: "continueDeployment";
      readonly work: "continueDeployment";
      readonly input: { readonly serviceDeploymentArn: string; readonly hookId: string };
      /** Where it waits, in AWS's words. */
      readonly stage: string;
    }
  | {
      readonly kind: "stopDeployment";
      readonly work: "stopDeployment";
      readonly input: { readonly serviceDeploymentArn: string };
      /** ARN of the revision that runs again then. */
      readonly backTo?: string;
    }
  /** To be back at the revision before it, which is what was asked for. */
  | { readonly kind: "waitForRollback"; readonly work: "watchDeployment"; readonly deploymentId: string };
