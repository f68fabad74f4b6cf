/**
 * The exit codes of silinternational/ecs-deploy for a command line that it does not take; nothing was changed.
 *
 * @see https://github.com/silinternational/ecs-deploy
 */
export const compatExitCode = {
  usage: 3,
  noTarget: 5,
  twoTargets: 6,
  noCluster: 7,
  noImage: 8,
  maxDefinitions: 9,
  launchTypeWithoutTask: 10,
  taskOptionWithoutTask: 11,
  platformVersionWithoutTask: 12,
  badImage: 13,
} as const;

export type CompatExitCode = (typeof compatExitCode)[keyof typeof compatExitCode];
