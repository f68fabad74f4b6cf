import type { Said } from "./facts.ts";

/** What an exit code means by itself: to follow `exited with code N` in a sentence, and what to do. */
export function explainExitCode(code: number): Said {
  const known = meanings.get(code);
  if (known !== undefined) return known;
  if (code > 128 && code < 160) {
    return { cause: `ended by signal ${code - 128}`, remedy: "See what its log says before the end." };
  }
  return { cause: "a code of the application's own", remedy: "See what its log says before the end." };
}

const ownMistake =
  "Mend what its log says; docker run of the same image with the same environment shows the same.";

/** @see https://tldp.org/LDP/abs/html/exitcodes.html */
const meanings: ReadonlyMap<number, Said> = new Map([
  [1, { cause: "an error of the application itself", remedy: ownMistake }],
  [2, { cause: "an error of the application itself, often wrong arguments or a panic", remedy: ownMistake }],
  [
    126,
    {
      cause: "its command is not executable",
      remedy: "Give the file execute permission in the image (chmod +x), or correct command and entryPoint.",
    },
  ],
  [
    127,
    {
      cause: "its command was not found in the image",
      remedy: "Correct command and entryPoint in the task definition, or install the program in the image.",
    },
  ],
  [
    134,
    { cause: "it aborted itself (SIGABRT)", remedy: "A failed assertion or a native library; see its log." },
  ],
  [
    137,
    {
      cause:
        "killed by SIGKILL, most often for want of memory on the host, else since it did not end on SIGTERM",
      remedy:
        "Compare its memory use with its limit and with the host's, and see whether it ends on SIGTERM.",
    },
  ],
  [
    139,
    {
      cause: "a segmentation fault (SIGSEGV)",
      remedy:
        "Look for a native library that is built for another system or CPU, or is too old for the image.",
    },
  ],
  [
    143,
    {
      cause: "ended by SIGTERM, which did not come from ECS's scheduler",
      remedy: "Look for what stops it: a supervisor in the container, a script, or somebody on the host.",
    },
  ],
  [255, { cause: "an error of the application or of its entry point", remedy: ownMistake }],
]);
