import { readFile, realpath } from "node:fs/promises";
import path from "node:path";

import { execa } from "execa";
import { which } from "zx";

/** The versions of moto that the local AWS is known to work with. */
const supportedMoto = { from: [5, 1], before: [6, 0], text: ">=5.1,<6" } as const;

const oldestPython = [3, 9] as const;
const howToGetPython =
  "The local AWS needs Python 3.9 or newer for moto. Get it from your system's packages " +
  "(apt-get install python3 python3-venv, brew install python) or from https://www.python.org/downloads/.";

/** A Python interpreter that has moto, and moto's version. */
export interface MotoPython {
  readonly python: string;
  readonly version: string;
}

/** Something about this machine keeps the local AWS from starting; the message says what to do. */
export class SetupError extends Error {
  override readonly name = "SetupError";
}

/**
 * Finds a Python that has a supported moto: that of the `moto_server` on the PATH, else the one in a virtual
 * environment of ours, which is made when it is not there.
 *
 * @throws SetupError when there is no Python, or moto cannot be installed
 */
export async function findMoto(directory: string, log: (message: string) => void): Promise<MotoPython> {
  const venv = path.join(directory, "moto-venv");
  const own = path.join(venv, "bin", "python");
  for (const python of [...(await interpretersOnPath()), own]) {
    const found = await probe(python);
    if (found) return found;
  }
  const python = await findPython();
  log(`installing moto ${supportedMoto.text} into ${venv}`);
  try {
    await execa(python, ["-m", "venv", venv]);
    await execa(own, ["-m", "pip", "install", "--quiet", `moto[server]${supportedMoto.text}`]);
  } catch (cause) {
    throw new SetupError(
      `moto could not be installed into ${venv}. Install it yourself with: pip install 'moto[server]${supportedMoto.text}'`,
      { cause },
    );
  }
  const installed = await probe(own);
  if (!installed) throw new SetupError(`moto was installed into ${venv} but is not found there.`);
  return installed;
}

/** The interpreter of the `moto_server` on the PATH: from its first line, or beside it where it is a shim. */
async function interpretersOnPath(): Promise<string[]> {
  const server = await which("moto_server", { nothrow: true });
  if (!server) return [];
  const script = await readFile(await realpath(server), "utf8").catch(() => "");
  const shebang = /^#!\s*(\S*python\S*)/.exec(script)?.[1];
  return [...(shebang === undefined ? [] : [shebang]), path.join(path.dirname(server), "python3")];
}

/** Asks for moto's version and for what its server needs, without loading either: that takes a second. */
const probeScript =
  "import sys, importlib.metadata as m, importlib.util as u; assert u.find_spec('moto') and u.find_spec('flask'); " +
  "print(sys.executable); print(m.version('moto'))";

async function probe(python: string): Promise<MotoPython | undefined> {
  const result = await execa(python, ["-c", probeScript], { reject: false });
  const [executable, version] = result.exitCode === 0 ? result.stdout.split("\n") : [];
  if (executable === undefined || version === undefined || !isSupported(version)) return undefined;
  return { python: executable, version };
}

/** Whether a version of moto is in the supported range. */
export function isSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const { from, before } = supportedMoto;
  const atLeast = major > from[0] || (major === from[0] && minor >= from[1]);
  return atLeast && (major < before[0] || (major === before[0] && minor < before[1]));
}

async function findPython(): Promise<string> {
  for (const name of ["python3", "python"]) {
    const script = `import sys; sys.exit(sys.version_info < (${oldestPython.join(", ")}))`;
    const result = await execa(name, ["-c", script], { reject: false });
    if (result.exitCode === 0) return name;
  }
  throw new SetupError(howToGetPython);
}
