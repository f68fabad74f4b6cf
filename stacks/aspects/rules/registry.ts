import { block, isTrue, unless } from "../attributes.ts";
import type { RuleBody } from "../rule.ts";

const types = ["aws_ecr_repository"];

const immutableTags: RuleBody = {
  why: "What was tested under a tag is what runs under it, and a rollback gets what it got before.",
  types,
  mend: 'Set imageTagMutability to "IMMUTABLE".',
  check: ({ attributes: { image_tag_mutability: mutability } }) =>
    unless(mutability === "IMMUTABLE", "image_tag_mutability", mutability),
};

const scanned: RuleBody = {
  why: "Known holes in what an image is made of show up before it runs.",
  types,
  mend: "Set imageScanningConfiguration.scanOnPush to true.",
  check({ attributes }) {
    const { scan_on_push: scans } = block(attributes, "image_scanning_configuration");
    return unless(isTrue(scans), "image_scanning_configuration.scan_on_push", scans);
  },
};

const encrypted: RuleBody = {
  why: "With KMS every reading of an image is under a key whose policy and log are yours.",
  types,
  mend: 'Set encryptionKey; the repository then has encryptionType "KMS".',
  check({ attributes }) {
    const { encryption_type: type } = block(attributes, "encryption_configuration");
    return unless(type === "KMS", "encryption_configuration.encryption_type", type);
  },
};

/** Rules for image repositories. */
export const registryRules = { CKV_AWS_51: immutableTags, CKV_AWS_163: scanned, CKV_AWS_136: encrypted };
