// Measures what `docs/local.md` says of the local AWS: how fast many services get steady, what it costs while idle,
// that no deployment loses a request, and what its proxy adds.
import { report } from "./bench/figures.ts";
import { measureManyServices } from "./bench/many-services.ts";
import { measureProxy } from "./bench/proxy.ts";
import { measureTraffic } from "./bench/traffic.ts";

for (const figure of await measureManyServices()) report(figure);
report(await measureProxy());
await measureTraffic(report);
