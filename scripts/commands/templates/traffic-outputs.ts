import type { Environment } from "../../core/environments.ts";
import { missingOutputs, withTraffic } from "../../core/native/advanced-configuration.ts";
import { stackOutputFolder } from "../../core/naming.ts";
import type { ParameterValue } from "../../core/ports.ts";
import type { FilledObject } from "../../core/aws-model/values.ts";
import type { Complete } from "../../core/template/fill-template.ts";

/** Fills in what the traffic of services is moved with, in two steps: what is missing is known once it was looked at. */
export interface TrafficOutputs {
  /** Takes what is missing to be there, and notes what it is. */
  readonly before: (name: string) => Complete;
  /** The parameters that hold it. */
  wanted(): readonly string[];
  readonly after: (values: ReadonlyMap<string, ParameterValue>) => (name: string) => Complete;
}

const nothing: Complete = (document) => ({ document, violations: [] });

/** For the services whose traffic ECS moves, as the environments file says; by the template's name, else its own. */
export function trafficOf({ name: environment, services }: Environment): TrafficOutputs {
  const folder = stackOutputFolder(environment);
  const missing = new Set<string>();
  const keyOf = (name: string, document: FilledObject): string | undefined => {
    const own = document["serviceName"] ?? document["service"];
    const key = services[name] === undefined && typeof own === "string" ? own : name;
    return services[key]?.blueGreen?.by === "ecs" ? key : undefined;
  };
  return {
    before: (name) => (document) => {
      const key = keyOf(name, document);
      if (key === undefined) return nothing(document);
      for (const output of missingOutputs(document, key)) missing.add(`${folder}${output}`);
      return withTraffic(document, key, undefined, folder);
    },
    wanted: () => [...missing],
    after: (values) => (name) => (document) => {
      const key = keyOf(name, document);
      if (key === undefined) return nothing(document);
      const outputs = [...values].flatMap(([parameter, value]): [string, string][] =>
        value.kind === "plain" && parameter.startsWith(folder)
          ? [[parameter.slice(folder.length), value.value]]
          : [],
      );
      return withTraffic(document, key, new Map(outputs), folder);
    },
  };
}
