/** A private repository of ECR. */
export interface EcrRepository {
  /** The account whose registry it is in. */
  readonly registryId: string;
  readonly region: string;
  readonly repository: string;
}

/** One image of a repository: by digest where there is one, else by tag. */
export interface EcrImage extends EcrRepository {
  readonly tag?: string;
  readonly digest?: string;
}

/** Writes an image as people read it, without the account and the Region. */
export function formatEcrImage({ repository, tag, digest }: EcrImage): string {
  return digest === undefined ? `${repository}:${tag ?? "latest"}` : `${repository}@${digest}`;
}

/** An image that ECR has. */
export interface FoundImage {
  readonly digest: string;
  /** As in `linux/amd64`; absent where nothing tells. */
  readonly platforms?: readonly string[];
}

/** What the deploy script asks of ECR. It pulls no layers. Every method throws AwsCallError. */
export interface EcrPort {
  /**
   * An image with its platforms: those of its manifest list, else the one in its configuration; undefined where the
   * repository has no such image.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html
   * @throws AwsCallError also when there is no such repository
   */
  image(image: EcrImage): Promise<FoundImage | undefined>;
}
