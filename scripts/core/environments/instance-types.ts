/**
 * Instance types by their names.
 *
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
 */
import { nearestName } from "../aws-model/nearest.ts";
import { instanceSizes } from "./instance-types.generated.ts";

/** The processors that hosts can have. */
export type Architecture = "x86_64" | "arm64";

/** Whether the installed SDK knows a type. */
export function isInstanceType(type: string): boolean {
  const [family = "", size = ""] = type.split(".");
  return Object.hasOwn(instanceSizes, family) && (instanceSizes[family] ?? "").split(" ").includes(size);
}

/** The type that was most likely meant: of the same family if that is known, else of the nearest family. */
export function nearestInstanceType(type: string): string | undefined {
  const [family = "", size = ""] = type.split(".");
  const found = Object.hasOwn(instanceSizes, family)
    ? family
    : nearestName(family, Object.keys(instanceSizes));
  const sizes = (instanceSizes[found ?? ""] ?? "").split(" ");
  const nearest = sizes.includes(size) ? size : nearestName(size, sizes);
  return found === undefined || nearest === undefined ? undefined : `${found}.${nearest}`;
}

/** The sizes of a type's family; none where the family is not known. */
export function sizesOfFamily(type: string): readonly string[] {
  const [family = ""] = type.split(".");
  return Object.hasOwn(instanceSizes, family) ? (instanceSizes[family] ?? "").split(" ") : [];
}

/**
 * The processor of a type, which its family tells: a `g` among the letters after the generation is Graviton, as in
 * `t4g`, `c8gn` or `im4gn`, and so was `a1`. `g5` is of x86, `g5g` is not.
 */
export function architectureOf(type: string): Architecture {
  const [family = ""] = type.split(".");
  const options = /^[a-z]+\d+([a-z0-9-]*)$/.exec(family)?.[1] ?? "";
  return family === "a1" || options.includes("g") ? "arm64" : "x86_64";
}

/** Whether hosts of this type can be ECS's: Macs run no Linux, which the images are made for. */
export function isForHosts(type: string): boolean {
  return !type.startsWith("mac");
}
