import { codeDeployApplicationCases } from "./cases/code-deploy-applications.ts";
import { codeDeployDeploymentCases } from "./cases/code-deploy-deployments.ts";
import { codeDeployFailureCases } from "./cases/code-deploy-failures.ts";
import { codeDeployGroupCases } from "./cases/code-deploy-groups.ts";
import { loadBalancerRuleCases } from "./cases/load-balancer-rules.ts";
import { loadBalancerTargetCases } from "./cases/load-balancer-targets.ts";
import { targetGroupCases } from "./cases/target-groups.ts";
import { taskSetCases } from "./cases/task-sets.ts";
import { clusterCases } from "./cases/clusters.ts";
import { rollingCases } from "./cases/rolling.ts";
import { placementCases } from "./cases/placement.ts";
import { controllerChangeCases } from "./cases/controller-changes.ts";
import { nativeBlueGreenCases } from "./cases/native-blue-green.ts";
import { accountSettingCases, pagingCases } from "./cases/lists-and-settings.ts";
import { waiterCases } from "./cases/waiters.ts";
import { serviceDefaultCases } from "./cases/service-defaults.ts";
import { serviceCases } from "./cases/services.ts";
import { serviceLoadBalancingRefusals } from "./cases/service-refusals-load-balancing.ts";
import { serviceCapacityRefusals } from "./cases/service-refusals-capacity.ts";
import { serviceNetworkRefusals } from "./cases/service-refusals-network.ts";
import { serviceRefusals } from "./cases/service-refusals.ts";
import { tagCases } from "./cases/tags.ts";
import { hostCases } from "./cases/hosts.ts";
import { taskCases } from "./cases/tasks.ts";
import { taskDefinitionDefaultCases } from "./cases/task-definition-defaults.ts";
import { taskDefinitionCases } from "./cases/task-definitions.ts";
import { fargateRefusals } from "./cases/task-definition-refusals-fargate.ts";
import { taskNetworkRefusals } from "./cases/task-definition-refusals-network.ts";
import { taskSettingRefusals } from "./cases/task-definition-refusals-settings.ts";
import { taskDefinitionRefusals } from "./cases/task-definition-refusals.ts";
import type { ContractCase } from "./suite/contract-case.ts";

/** Every case of the suite, by subject. */
export const allCases: readonly ContractCase[] = [
  // The longest first: the others run beside them.
  ...codeDeployDeploymentCases,
  ...codeDeployFailureCases,
  ...codeDeployGroupCases,
  ...codeDeployApplicationCases,
  ...loadBalancerTargetCases,
  ...loadBalancerRuleCases,
  ...targetGroupCases,
  ...taskSetCases,
  ...clusterCases,
  ...taskDefinitionDefaultCases,
  ...taskDefinitionCases,
  ...fargateRefusals,
  ...taskNetworkRefusals,
  ...taskSettingRefusals,
  ...taskDefinitionRefusals,
  ...serviceDefaultCases,
  ...serviceCases,
  ...serviceLoadBalancingRefusals,
  ...serviceCapacityRefusals,
  ...serviceNetworkRefusals,
  ...serviceRefusals,
  ...hostCases,
  ...taskCases,
  ...rollingCases,
  ...placementCases,
  ...nativeBlueGreenCases,
  ...controllerChangeCases,
  ...tagCases,
  ...pagingCases,
  ...waiterCases,
  ...accountSettingCases,
];
