import { BatchGetImageCommand, ECRClient, GetDownloadUrlForLayerCommand } from "@aws-sdk/client-ecr";

import { configDigestOf, platformOf, platformsOf } from "../core/verify/image-manifest.ts";
import { AwsCallError } from "../core/errors.ts";
import type { EcrImage, EcrPort } from "../core/ports/ecr.ts";
import { call, type CallObserver } from "./call.ts";
import { onceOnly, type ClientSettings } from "./client-settings.ts";
import { paced } from "./paced.ts";

/** What an image may be described by; ECR converts what is not named here. */
export const manifestTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

/** An image's configuration is a few kilobytes; more time than this is not worth knowing its platform. */
const downloadTimeoutMs = 5_000;

/** Other failures, such as those of a registry that ECR caches, do not tell whether there is such an image. */
export function isAbsence(failureCode: string): boolean {
  return /^(ImageNotFound|ImageTagDoesNotMatchDigest|InvalidImage(Digest|Tag))$/.test(failureCode);
}

/** Images in ECR through the AWS SDK. */
export function ecrPort(settings: ClientSettings, observe: CallObserver): EcrPort {
  const clients = new Map<string, ECRClient>();
  const clientOf = (region: string): ECRClient => {
    const client = clients.get(region) ?? paced(new ECRClient({ ...onceOnly(settings), region }));
    clients.set(region, client);
    return client;
  };

  /** The platform that an image for one platform says it is for; undefined where that cannot be read. */
  const platformInConfig = async (image: EcrImage, layerDigest: string): Promise<string | undefined> => {
    const { registryId, region, repository: repositoryName } = image;
    try {
      const { downloadUrl } = await call("ecr:GetDownloadUrlForLayer", observe, () =>
        clientOf(region).send(new GetDownloadUrlForLayerCommand({ registryId, repositoryName, layerDigest })),
      );
      if (downloadUrl === undefined) return undefined;
      const answer = await fetch(downloadUrl, { signal: AbortSignal.timeout(downloadTimeoutMs) });
      return answer.ok ? platformOf(await answer.json()) : undefined;
    } catch {
      return undefined;
    }
  };

  return {
    async image(image) {
      const { registryId, region, repository: repositoryName, tag, digest } = image;
      const imageIds = [digest === undefined ? { imageTag: tag ?? "latest" } : { imageDigest: digest }];
      const { images = [], failures = [] } = await call("ecr:BatchGetImage", observe, () =>
        clientOf(region).send(
          new BatchGetImageCommand({
            registryId,
            repositoryName,
            imageIds,
            acceptedMediaTypes: manifestTypes,
          }),
        ),
      );
      const found = images[0];
      if (found === undefined) {
        const [{ failureCode = "", failureReason = "" } = {}] = failures;
        if (failureCode === "" || isAbsence(failureCode)) return undefined;
        throw new AwsCallError(failureCode, `ecr:BatchGetImage: ${failureCode}: ${failureReason}`);
      }
      const manifest = found.imageManifest ?? "";
      const config = configDigestOf(manifest);
      const single = config === undefined ? undefined : await platformInConfig(image, config);
      const platforms = platformsOf(manifest) ?? (single === undefined ? undefined : [single]);
      return {
        digest: found.imageId?.imageDigest ?? digest ?? "",
        ...(platforms === undefined ? {} : { platforms }),
      };
    },
  };
}
