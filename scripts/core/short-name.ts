/** The name of a cluster or service that is given by its name or ARN, which ends in it. */
export function shortName(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf("/") + 1);
}
