/** Pages of AWS's documentation, by what they are called there. */
const docs = "https://docs.aws.amazon.com";

/** An operation or a type of the ECS API. */
export const ecsApi = (name: string): string => `${docs}/AmazonECS/latest/APIReference/API_${name}.html`;
/** A page of the ECS developer guide. */
export const ecsGuide = (page: string): string => `${docs}/AmazonECS/latest/developerguide/${page}.html`;
/** An operation or a type of the Elastic Load Balancing API. */
export const elbApi = (name: string): string =>
  `${docs}/elasticloadbalancing/latest/APIReference/API_${name}.html`;
/** A page of the guide to Application Load Balancers. */
export const elbGuide = (page: string): string =>
  `${docs}/elasticloadbalancing/latest/application/${page}.html`;
/** An operation or a type of the CodeDeploy API. */
export const codeDeployApi = (name: string): string =>
  `${docs}/codedeploy/latest/APIReference/API_${name}.html`;
/** A page of the CodeDeploy user guide. */
export const codeDeployGuide = (page: string): string => `${docs}/codedeploy/latest/userguide/${page}.html`;
