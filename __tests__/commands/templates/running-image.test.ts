import type { ContainerDefinition } from "@aws-sdk/client-ecs";
import { describe, expect, test } from "@jest/globals";

import type { BothInputs } from "../../../scripts/commands/templates/both-inputs.ts";
import {
  namesImage,
  runningImageMark,
  withRunningImage,
} from "../../../scripts/commands/templates/running-image.ts";

function inputs(...containerDefinitions: ContainerDefinition[]): BothInputs {
  return {
    name: "web",
    serviceName: "web",
    cluster: "test",
    fixedAtCreation: {},
    taskDefinition: { family: "web", containerDefinitions },
  };
}

describe("without CONTAINER_VERSION a diff takes", () => {
  test("the image that runs in each container, and that of the first one elsewhere", () => {
    const wanted = inputs(
      { name: "app", image: runningImageMark, environment: [{ name: "V", value: `v ${runningImageMark}` }] },
      { name: "job", image: runningImageMark },
      { name: "proxy", image: "proxy:1" },
    );
    const running = {
      containerDefinitions: [
        { name: "job", image: "app:3" },
        { name: "app", image: "app:2" },
      ],
    };
    expect(withRunningImage(wanted, running).taskDefinition.containerDefinitions).toEqual([
      { name: "app", image: "app:2", environment: [{ name: "V", value: "v app:2" }] },
      { name: "job", image: "app:3" },
      { name: "proxy", image: "proxy:1" },
    ]);
  });

  test("nothing where the templates name no image", () => {
    const wanted = inputs({ name: "app", image: "app:1" });
    expect(namesImage(wanted)).toBe(false);
    expect(withRunningImage(wanted, undefined)).toBe(wanted);
  });

  test.each<[string, BothInputs, readonly ContainerDefinition[] | undefined]>([
    ["nothing runs", inputs({ name: "app", image: runningImageMark }), undefined],
    [
      "the container is new",
      inputs({ name: "new", image: runningImageMark }),
      [{ name: "app", image: "app:1" }],
    ],
    [
      "it is a part of an image",
      inputs({ name: "app", image: `x/${runningImageMark}` }),
      [{ name: "app", image: "app:1" }],
    ],
  ])("no guess where %s: it asks for it", (_, wanted, running) => {
    const definition = running === undefined ? undefined : { containerDefinitions: [...running] };
    expect(() => withRunningImage(wanted, definition)).toThrow(
      /CONTAINER_VERSION is not set.*alpine \.\/deploy …$/,
    );
  });
});
