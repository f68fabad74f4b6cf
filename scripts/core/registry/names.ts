/**
 * Names in ECR that follow from names in the file.
 */

/** ECR takes repository names of 2 to 256 characters. */
export const longestRepositoryName = 256;

/**
 * What a service is called in ECR: in lower case, and with hyphens for underscores, so that its output's placeholder can
 * name it. Two services of one registry must not come to the same; the checks see to that.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
 */
export function repositoryPart(service: string): string {
  return service.toLowerCase().replaceAll("_", "-");
}

/** The repository of a service's images, `<namespace>/<service>`. */
export function repositoryName(namespace: string, service: string): string {
  return `${namespace}/${repositoryPart(service)}`;
}

/** The stack output with a repository's URL: `registry-web-url`, in templates `@@REGISTRY_WEB_URL@@`. */
export function outputName(service: string): string {
  return `registry-${repositoryPart(service)}-url`;
}

/** Whether ECR takes a part of a repository's name: letters and digits, with separators inside only. */
export function isRepositoryPart(part: string): boolean {
  return /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/.test(part);
}
