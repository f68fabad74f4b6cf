import { block, blocks, found, isMissing, isTrue, unless } from "../attributes.ts";
import type { Attributes } from "../attributes.ts";
import type { RuleBody } from "../rule.ts";

const metadataTokens: RuleBody = {
  why: "A container that can be made to fetch an address could fetch the host's credentials without a token.",
  types: ["aws_launch_template", "aws_launch_configuration", "aws_instance"],
  beyond: "Launch configurations are looked at as well.",
  mend: 'Set metadataOptions.httpTokens to "required".',
  check({ attributes }) {
    const { http_tokens: tokens, http_endpoint: endpoint } = block(attributes, "metadata_options");
    return endpoint === "disabled"
      ? []
      : unless(tokens === "required", "metadata_options.http_tokens", tokens);
  },
};

const metadataHops: RuleBody = {
  why: "An answer that may travel two hops reaches containers with a network of their own.",
  types: ["aws_launch_template", "aws_launch_configuration"],
  beyond: "The number has to be written: images and accounts have defaults of their own.",
  mend: "Set metadataOptions.httpPutResponseHopLimit to 1; the default depends on image and account.",
  check({ attributes }) {
    const { http_put_response_hop_limit: hops, http_endpoint: endpoint } = block(
      attributes,
      "metadata_options",
    );
    return endpoint === "disabled"
      ? []
      : unless(hops === 1, "metadata_options.http_put_response_hop_limit", hops);
  },
};

const encryptedDisks: RuleBody = {
  why: "Images, logs and scratch files of containers lie on it, and snapshots of it travel.",
  types: ["aws_launch_template", "aws_launch_configuration", "aws_instance"],
  beyond: "Launch templates are looked at as well.",
  mend: "Set encrypted on every EBS volume, the root volume included.",
  check({ type, attributes }) {
    const isTemplate = type === "aws_launch_template";
    const root = isTemplate ? "block_device_mappings.ebs" : "root_block_device";
    const disks = isTemplate
      ? blocks(attributes, "block_device_mappings").flatMap((mapping) => blocks(mapping, "ebs"))
      : blocks(attributes, root);
    const further = isTemplate ? [] : blocks(attributes, "ebs_block_device");
    return [
      // A disk that is not described is the image's, which is encrypted in no image of AWS.
      ...(disks.length === 0 ? [found(root, undefined)] : disks.flatMap((disk) => unencrypted(disk, root))),
      ...further.flatMap((disk) => unencrypted(disk, "ebs_block_device")),
    ];
  },
};

/** A volume from a snapshot is encrypted as the snapshot is. */
function unencrypted(disk: Attributes, name: string): readonly string[] {
  const { encrypted, snapshot_id: snapshot } = disk;
  return unless(isTrue(encrypted) || !isMissing(snapshot), `${name}.encrypted`, encrypted);
}

const launchTemplate: RuleBody = {
  why: "Launch configurations know neither tokens for metadata of newer kinds nor newer instance types.",
  types: ["aws_autoscaling_group"],
  beyond: "A template of a mixed instances policy counts.",
  mend: "Give the group a launchTemplate, or a mixedInstancesPolicy with one.",
  check({ attributes }) {
    const mixed = blocks(attributes, "mixed_instances_policy").flatMap((policy) =>
      blocks(policy, "launch_template"),
    );
    const isSet = blocks(attributes, "launch_template").length + mixed.length > 0;
    return isSet ? [] : [found("launch_template", undefined)];
  },
};

/** Rules for the machines that run tasks. */
export const hostRules = {
  CKV_AWS_79: metadataTokens,
  CKV_AWS_341: metadataHops,
  CKV_AWS_8: encryptedDisks,
  CKV_AWS_315: launchTemplate,
};
