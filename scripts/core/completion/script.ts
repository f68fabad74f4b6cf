import { bashScript } from "./bash.ts";
import { fishScript } from "./fish.ts";
import { zshScript } from "./zsh.ts";

/** Shells that completion is written for. */
export type Shell = "bash" | "zsh" | "fish";

/**
 * The completion script of a shell, for `deploy` however its path is written. It offers commands, options and their
 * values from the tables of the command line, and names of services from the templates folder as it then is; nothing
 * is started for it.
 *
 * @param environments names to offer for `--env`
 */
export function completionScript(shell: Shell, environments: readonly string[]): string {
  switch (shell) {
    case "bash":
      return bashScript(environments);
    case "zsh":
      return zshScript(environments);
    case "fish":
      return fishScript(environments);
  }
}
