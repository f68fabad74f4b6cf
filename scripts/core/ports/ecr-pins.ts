import type { EcrImage, EcrRepository } from "./ecr.ts";

/** An image of a repository with all its tags. */
export interface TaggedImage {
  readonly digest: string;
  readonly tags: readonly string[];
}

/** What the deploy script asks of ECR for the pins of images. Every method throws AwsCallError. */
export interface EcrPinsPort {
  /**
   * Gives an image a further tag; nothing is done where it has it.
   *
   * @param tagFor tells the tag, from the image's digest
   * @returns the tag; undefined where the repository has no such image
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-retag.html
   */
  pin(image: EcrImage, tagFor: (digest: string) => string): Promise<string | undefined>;
  /** Every image of a repository that has a tag. */
  tagged(repository: EcrRepository): Promise<readonly TaggedImage[]>;
  /**
   * Takes tags away. ECR deletes an image with its last tag, so never ask for that one.
   *
   * @returns the tags that are gone
   * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchDeleteImage.html
   */
  untag(repository: EcrRepository, tags: readonly string[]): Promise<readonly string[]>;
}
