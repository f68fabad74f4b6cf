import { canaryUnderTraffic } from "../helpers/approved-canary.ts";

// The example's service.json: a tenth of the traffic for five minutes, five more of bake time, and a pause for approval.
canaryUnderTraffic({
  by: "native",
  first: [
    ["create", "hello", "--wait-until", "paused"],
    ["activate", "hello"],
  ],
  update: ["update", "hello"],
  backWithin: { says: "within 5 s of the alarm", ms: 5000 },
});
