import type { ContractCase } from "../suite/contract-case.ts";
import { webContainer } from "../suite/context.ts";
import { ecsGuide } from "../suite/sources.ts";
import { refused, one, two } from "./refused-task-definition.ts";

export const taskDefinitionRefusals: readonly ContractCase[] = [
  refused(
    "family-characters",
    "A family has letters, numbers, hyphens and underscores only",
    /^Family contains invalid characters\./,
    { family: "a family!" },
  ),
  refused("no-container", "A definition has a container at least", "Container list cannot be empty.", {
    containerDefinitions: [],
  }),
  refused(
    "eleven-containers",
    "A definition has ten containers at most",
    /^Too many containers\./,
    {
      containerDefinitions: Array.from({ length: 11 }, (_, index) => ({
        ...webContainer,
        name: `web-${index}`,
        portMappings: [],
      })),
    },
    { source: ecsGuide("service-quotas") },
  ),
  refused(
    "too-long",
    "A definition has 64 KiB at most",
    /^Actual length: '\d+'\. Max allowed length is '65536' bytes\.$/,
    one({ environment: [{ name: "LONG", value: "x".repeat(66_000) }] }),
    { source: ecsGuide("service-quotas") },
  ),
  refused(
    "container-name-missing",
    "A container has a name",
    "Container.name should not be null or empty.",
    one({ name: "" }),
  ),
  refused(
    "container-name-characters",
    "A container's name has letters, numbers, hyphens and underscores only",
    /^Container\.name contains invalid characters\./,
    one({ name: "web server" }),
    { wording: "inferred" },
  ),
  refused(
    "container-names-unique",
    "Container names are unique within a definition",
    "Container names must be unique within a Task Definition.",
    two({ name: "web" }),
  ),
  refused(
    "image-missing",
    "A container has an image",
    "Container.image should not be null or empty.",
    one({ image: "" }),
  ),
  refused(
    "image-characters",
    "An image reference holds no placeholder",
    /^Container\.image contains invalid characters\./,
    one({ image: "$IMAGE:$TAG" }),
  ),
  refused(
    "memory-missing",
    "A container on a host has a memory limit or reservation unless the task has memory",
    "Invalid setting for container 'web'. At least one of 'memory' or 'memoryReservation' must be specified.",
    { containerDefinitions: [{ name: "web", image: "nginx" }] },
  ),
  refused(
    "memory-below-reservation",
    "A memory limit is not below the reservation",
    /'memory' must be greater than or equal to 'memoryReservation'/,
    one({ memory: 64, memoryReservation: 128 }),
  ),
  refused(
    "memory-above-task",
    "A container's memory is not above the task's",
    /The 'memory' setting for container.* is greater than for the task/,
    { ...one({ memory: 600 }), memory: "512", cpu: "256" },
  ),
  refused(
    "cpu-above-task",
    "The containers' CPU units together are not above the task's",
    /^The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'\./,
    { ...two({ cpu: 200 }, { cpu: 100 }), cpu: "256", memory: "512" },
  ),
  refused(
    "cpu-not-a-number",
    "A task's cpu is a size",
    /^Invalid 'cpu' setting for task\./,
    { cpu: "much", memory: "512" },
    { source: ecsGuide("task-cpu-memory-error"), wording: "documented" },
  ),
  refused("essential", "One container at least is essential", /essential/, one({ essential: false }), {
    wording: "reported",
  }),
];
