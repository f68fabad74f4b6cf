import type { Resource } from "../references.ts";
import { nameOf, plainText, records } from "../values.ts";
import { boxId } from "./drawing.ts";
import type { Box } from "./drawing.ts";
import type { Scene } from "./scene.ts";

/** The clusters with their capacity. Services are not in Terraform, so they are not drawn. */
export function clusterPart(scene: Scene): readonly Box[] {
  const associations = scene.draw("aws_ecs_cluster_capacity_providers");
  scene.draw("aws_ecs_capacity_provider");
  return scene.draw("aws_ecs_cluster").map((cluster) => {
    const own = associations.filter((one) => scene.graph.target(one, "cluster_name")?.key === cluster.key);
    const insights = records(cluster.attributes.setting).find(({ name }) => name === "containerInsights");
    return {
      id: boxId(cluster.key),
      title: `ECS cluster ${nameOf(cluster)}`,
      kind: "compute",
      lines: [
        "in the private subnets; services belong to ./deploy",
        `Container Insights: ${plainText(insights?.value) ?? "disabled"}`,
        ...own.map((association) => `Default: ${strategyText(scene, association)}`),
      ],
      across: true,
      children: [...own.flatMap((association) => fargateBoxes(association)), ...hostBoxes(scene, own)],
    };
  });
}

function strategyText(scene: Scene, { stack, attributes }: Resource): string {
  const parts = records(attributes.default_capacity_provider_strategy).map((entry) => {
    const [provider] = scene.graph.referredBy(stack, entry.capacity_provider);
    const name = plainText(entry.capacity_provider) ?? (provider === undefined ? "?" : nameOf(provider));
    const base = plainText(entry.base);
    return `${name} weight ${plainText(entry.weight) ?? "0"}${base === undefined || base === "0" ? "" : ` base ${base}`}`;
  });
  return parts.length === 0 ? "none" : parts.join(", ");
}

function fargateBoxes(association: Resource): Box[] {
  const providers = association.attributes.capacity_providers;
  const names = (Array.isArray(providers) ? providers : []).flatMap((name: unknown) => plainText(name) ?? []);
  return names.map((name) => ({
    id: boxId(`${association.key}-${name}`),
    title: name,
    kind: "private",
    lines: [],
    children: [],
  }));
}

/** Every group of hosts of the environment, with what its template says. */
function hostBoxes(scene: Scene, associations: readonly Resource[]): Box[] {
  const providers = associations.flatMap((one) =>
    scene.graph.referredBy(one.stack, one.attributes.capacity_providers),
  );
  return scene.draw("aws_autoscaling_group").map((group) => {
    const { attributes } = group;
    const template = scene.graph
      .referredBy(group.stack, attributes)
      .find(({ type }) => type === "aws_launch_template");
    if (template !== undefined) scene.markDrawn(template);
    const provider = providers.find((one) =>
      scene.graph.referredBy(one.stack, one.attributes).some(({ key }) => key === group.key),
    );
    const types = instanceTypes(group, template);
    const volumes = records(template?.attributes.block_device_mappings).flatMap(({ ebs }) => records(ebs));
    return {
      id: boxId(group.key),
      title: provider === undefined ? `Hosts ${nameOf(group)}` : `Hosts of ${nameOf(provider)}`,
      kind: "private",
      lines: [
        `${types.join(", ")}: ${plainText(attributes.min_size) ?? "?"} to ${plainText(attributes.max_size) ?? "?"}`,
        ...volumes.map(
          ({ volume_type: type, volume_size: size, encrypted }) =>
            `${plainText(size) ?? "?"} GB ${plainText(type) ?? "volume"}${plainText(encrypted) === "true" ? ", encrypted" : ""}`,
        ),
        ...records(template?.attributes.metadata_options).map(({ http_tokens: tokens }) =>
          tokens === "required" ? "IMDSv2 only" : "IMDSv1 allowed",
        ),
      ],
      children: [],
    };
  });
}

function instanceTypes(group: Resource, template: Resource | undefined): readonly string[] {
  const overrides = records(group.attributes.mixed_instances_policy)
    .flatMap((policy) => records(policy.launch_template))
    .flatMap(({ override }) => records(override))
    .flatMap(({ instance_type: type }) => plainText(type) ?? []);
  if (overrides.length > 0) return overrides;
  return [plainText(template?.attributes.instance_type) ?? "hosts"];
}
