import { ECSClient, TagResourceCommand } from "@aws-sdk/client-ecs";

import type { TagsPort } from "../core/ports/tags.ts";
import { call, type CallObserver } from "./call.ts";
import type { ClientSettings } from "./client-settings.ts";
import { paced } from "./paced.ts";

/** Tags of ECS through the AWS SDK. */
export function tagsPort(settings: ClientSettings, observe: CallObserver): TagsPort {
  const client = paced(new ECSClient(settings));
  return {
    async tag(resourceArn, tags) {
      await call("ecs:TagResource", observe, () =>
        client.send(new TagResourceCommand({ resourceArn, tags: [...tags] })),
      );
    },
  };
}
