import {
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  ECRClient,
  paginateDescribeImages,
  PutImageCommand,
} from "@aws-sdk/client-ecr";

import { AwsCallError } from "../core/errors.ts";
import type { EcrPinsPort, TaggedImage } from "../core/ports/ecr-pins.ts";
import { inBatches } from "./batches.ts";
import { call, isAwsError, type CallObserver } from "./call.ts";
import type { ClientSettings } from "./client-settings.ts";
import { isAbsence, manifestTypes } from "./ecr.ts";
import { paced } from "./paced.ts";

/** BatchDeleteImage takes at most so many. */
const perCall = 100;

/** Pins of images in ECR through the AWS SDK. */
export function ecrPinsPort(settings: ClientSettings, observe: CallObserver): EcrPinsPort {
  const clients = new Map<string, ECRClient>();
  const clientOf = (region: string): ECRClient => {
    const client = clients.get(region) ?? paced(new ECRClient({ ...settings, region }));
    clients.set(region, client);
    return client;
  };

  return {
    async pin({ registryId, region, repository: repositoryName, tag, digest }, tagFor) {
      const client = clientOf(region);
      const imageIds = [digest === undefined ? { imageTag: tag ?? "latest" } : { imageDigest: digest }];
      const { images = [], failures = [] } = await call("ecr:BatchGetImage", observe, () =>
        client.send(
          new BatchGetImageCommand({
            registryId,
            repositoryName,
            imageIds,
            // A type that is not accepted is converted, and the manifest then another.
            acceptedMediaTypes: manifestTypes,
          }),
        ),
      );
      const { imageManifest, imageManifestMediaType, imageId } = images[0] ?? {};
      const imageDigest = imageId?.imageDigest;
      if (imageManifest === undefined || imageDigest === undefined) {
        const [{ failureCode = "", failureReason = "" } = {}] = failures;
        if (failureCode === "" || isAbsence(failureCode)) return undefined;
        throw new AwsCallError(failureCode, `ecr:BatchGetImage: ${failureCode}: ${failureReason}`);
      }
      const imageTag = tagFor(imageDigest);
      try {
        await call("ecr:PutImage", observe, () =>
          client.send(
            new PutImageCommand({
              registryId,
              repositoryName,
              imageManifest,
              imageTag,
              imageDigest,
              ...(imageManifestMediaType === undefined ? {} : { imageManifestMediaType }),
            }),
          ),
        );
      } catch (error) {
        if (!isAwsError(error, "ImageAlreadyExistsException")) throw error;
      }
      return imageTag;
    },

    async tagged({ registryId, region, repository: repositoryName }) {
      const found: TaggedImage[] = [];
      const pages = paginateDescribeImages(
        { client: clientOf(region), pageSize: 1_000 },
        { registryId, repositoryName, filter: { tagStatus: "TAGGED" } },
      );
      await call("ecr:DescribeImages", observe, async () => {
        for await (const { imageDetails = [] } of pages) {
          for (const { imageDigest = "", imageTags = [] } of imageDetails) {
            found.push({ digest: imageDigest, tags: imageTags });
          }
        }
      });
      return found;
    },

    async untag({ registryId, region, repository: repositoryName }, tags) {
      const gone = await inBatches(tags, perCall, async (some) => {
        const imageIds = some.map((imageTag) => ({ imageTag }));
        const { imageIds: deleted = [] } = await call("ecr:BatchDeleteImage", observe, () =>
          clientOf(region).send(new BatchDeleteImageCommand({ registryId, repositoryName, imageIds })),
        );
        return deleted.flatMap(({ imageTag }) => imageTag ?? []);
      });
      return gone.flat();
    },
  };
}
