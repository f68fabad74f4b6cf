import { regionOf } from "../stack.ts";
import type { SynthesizedStack } from "../stack.ts";
import { besidePart } from "./beside-part.ts";
import { clusterPart } from "./cluster-part.ts";
import type { Arrow, Box, Drawing } from "./drawing.ts";
import { loadBalancerPart } from "./load-balancer-part.ts";
import { networkPart } from "./network-part.ts";
import { Scene } from "./scene.ts";

/**
 * Draws an environment from its synthesized stacks. What has no place of its own is counted by type, so nothing is
 * missing.
 *
 * @param all every stack of the app, since stacks refer to each other
 * @param own names of the environment's stacks
 */
export function draw(
  environment: string,
  all: ReadonlyMap<string, SynthesizedStack>,
  own: ReadonlySet<string>,
): Drawing {
  const scene = new Scene(all, own);
  const balancers = loadBalancerPart(scene);
  const clusters = clusterPart(scene);
  const network = networkPart(scene);
  const beside = besidePart(scene);

  const outside: Box[] = [
    ...(balancers.some(({ facing }) => facing) ? [outsideBox("internet", "Internet")] : []),
    ...(balancers.some(({ facing }) => !facing) ? [outsideBox("inside", "Services inside the VPC")] : []),
  ];
  const arrows: Arrow[] = balancers.flatMap(({ box, facing }) => [
    { from: facing ? "internet" : "inside", to: box.id },
    ...clusters.map((cluster) => ({ from: box.id, to: cluster.id })),
  ]);
  const region = [...own]
    .map((name) => all.get(name))
    .map((stack) => stack && regionOf(stack))
    .find(Boolean);
  const balancerRow: Box[] =
    balancers.length === 0
      ? []
      : [
          {
            id: "balancers",
            title: "",
            kind: "other",
            lines: [],
            across: true,
            children: balancers.map(({ box }) => box),
          },
        ];
  return {
    title: `Environment ${environment}${region === undefined ? "" : ` in ${region}`}`,
    outside,
    network: network.title,
    middle: [...balancerRow, ...clusters, ...network.zones],
    beside,
    arrows,
    footer: [
      `${scene.own.length} resources in the stacks ${[...own].toSorted().join(", ")}:`,
      `${scene.drawnCount} are shown or belong to what is shown, ${scene.left.length} are counted by type.`,
    ],
  };
}

function outsideBox(id: string, title: string): Box {
  return { id, title, kind: "outside", lines: [], children: [] };
}
