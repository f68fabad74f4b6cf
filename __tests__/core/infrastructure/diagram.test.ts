import { describe, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import path from "node:path";

import { draw } from "../../../scripts/core/infrastructure/diagram/draw.ts";
import type { Box, Drawing } from "../../../scripts/core/infrastructure/diagram/drawing.ts";
import { measure, place } from "../../../scripts/core/infrastructure/diagram/layout.ts";
import type { PlacedBox } from "../../../scripts/core/infrastructure/diagram/layout.ts";
import { mermaid } from "../../../scripts/core/infrastructure/diagram/mermaid.ts";
import { svg } from "../../../scripts/core/infrastructure/diagram/svg.ts";
import type { SynthesizedStack } from "../../../scripts/core/infrastructure/stack.ts";
import { diagramsOf } from "../../../scripts/infrastructure/draw-environments.ts";
import { projectRoot } from "../../../scripts/project-root.ts";
import { appStacks, withResource } from "../../helpers/app-stacks.ts";

const stacks = appStacks();

function drawingOf(environment: string, all: ReadonlyMap<string, SynthesizedStack>): Drawing {
  return draw(
    environment,
    all,
    new Set([...all.keys()].filter((name) => name.startsWith(`${environment}-`))),
  );
}

function allBoxes(boxes: readonly Box[]): readonly Box[] {
  return boxes.flatMap((box) => [box, ...allBoxes(box.children)]);
}

function boxesOf({ middle, beside }: Drawing): readonly Box[] {
  return allBoxes([...middle, ...beside]);
}

test("the diagrams in docs/ are those of the shipped environment: npm run diagram draws them anew", () => {
  for (const [name, text] of Object.entries(diagramsOf("test", stacks))) {
    expect({ name, text: readFileSync(path.join(projectRoot(), "docs", name), "utf8") }).toEqual({
      name,
      text,
    });
  }
});

describe("the shipped environment", () => {
  const boxes = boxesOf(drawingOf("test", stacks));

  test("subnets are public or private by their routes, each in its zone", () => {
    const zone = boxes.find(({ title }) => title === "us-east-1a");
    expect(zone?.children.map(({ title }) => title)).toEqual([
      "Public subnet 10.0.128.0/20",
      "Private subnet 10.0.0.0/20",
    ]);
    expect(zone?.children[0]?.children[0]?.title).toBe("NAT gateway test-nat-1");
    expect(zone?.children[1]?.lines).toEqual(["0.0.0.0/0 by NAT gateway test-nat-1"]);
  });

  test("a listener shows where its requests go, its rules in their order", () => {
    expect(boxes.find(({ title }) => title === "HTTP :80")?.lines).toEqual([
      "40010  /hello* → test-external-ip",
      "else → test-external-instance",
    ]);
  });

  test("security groups show who may reach what, through other stacks' groups as well", () => {
    expect(boxes.find(({ id }) => id === "firewall")?.lines).toContain(
      "test-tasks lets in tcp 8080 from test-alb-external",
    );
  });

  test("roles show who assumes them", () => {
    expect(boxes.find(({ id }) => id === "roles")?.lines).toContain(
      "test_default_task: assumed by ecs-tasks",
    );
  });
});

test("an environment on another's load balancer shows its own rules there", () => {
  const file = path.join(projectRoot(), "__tests__/fixtures/environments/blue-green.jsonc");
  const drawing = drawingOf("preview", appStacks(readFileSync(file, "utf8")));
  expect(drawing.network).toBe("VPC live  10.1.0.0/16, another environment's");
  const boxes = boxesOf(drawing);
  expect(boxes.map(({ title }) => title)).toContain("Load balancer live-external, another environment's");
  expect(boxes.find(({ title }) => title === "HTTP :80")?.lines).toEqual([
    "40030  api.preview.example.com → preview-api-blue, preview-api-green",
  ]);
});

test("a resource that has no place of its own is counted, whatever its type", () => {
  const added = withResource(stacks, "test-cluster", "aws_mq_broker", { name: "queue" });
  const drawing = drawingOf("test", added);
  expect(boxesOf(drawing).find(({ id }) => id === "others")?.lines).toContain("1 × aws_mq_broker");
  const [resources, shown, counted] =
    drawing.footer
      .join(" ")
      .match(/\d+(?= (?:resources|are))/g)
      ?.map(Number) ?? [];
  expect((shown ?? 0) + (counted ?? 0)).toBe(resources);
});

test("keys, topics, buckets and certificates are named", () => {
  const added = [
    ["aws_kms_key", { description: "Logs of test" }],
    ["aws_s3_bucket", { bucket: "test-access-logs" }],
    ["aws_sns_topic", { name: "test-alarms" }],
    ["aws_acm_certificate", { domain_name: "example.com" }],
  ] as const;
  const all = added.reduce(
    (map, [type, attributes]) => withResource(map, "test-network", type, attributes),
    stacks,
  );
  const lines = boxesOf(drawingOf("test", all)).flatMap((box) => box.lines);
  expect(lines).toEqual(
    expect.arrayContaining(["Logs of test", "test-access-logs", "test-alarms", "example.com"]),
  );
});

test("names cannot break out of the images", () => {
  const all = withResource(stacks, "test-network", "aws_sns_topic", { name: '"]<script>&' });
  const drawing = drawingOf("test", all);
  expect(svg(drawing)).toContain("&quot;]&lt;script&gt;&amp;");
  expect(mermaid(drawing)).toContain("#quot;]&lt;script&gt;&amp;");
});

test("boxes hold their boxes and do not lie on each other", () => {
  const placedAll = (box: PlacedBox): readonly PlacedBox[] => [box, ...box.children.flatMap(placedAll)];
  for (const box of drawingOf("test", stacks).middle) {
    const { width, height } = measure(box);
    for (const outer of placedAll(place(box, 0, 0, width, height))) {
      for (const [index, inner] of outer.children.entries()) {
        expect(inner.x).toBeGreaterThanOrEqual(outer.x);
        expect(inner.x + inner.width).toBeLessThanOrEqual(outer.x + outer.width + 0.01);
        expect(inner.y + inner.height).toBeLessThanOrEqual(outer.y + outer.height + 0.01);
        const next = outer.children[index + 1];
        if (next !== undefined) {
          const apart = inner.x + inner.width <= next.x || inner.y + inner.height <= next.y;
          expect(apart).toBe(true);
        }
      }
    }
  }
});
