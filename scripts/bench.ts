// Prints the figures that README and docs quote of the deploy script, each against something else in the same run, so
// that a noisy machine slows both sides alike: `npm run bench`, or one section by name, `npm run bench -- steady`.
import { measureAfterSteady } from "./bench/after-steady.ts";
import { report, type Figure } from "./bench/figures.ts";
import { measureHundred } from "./bench/hundred-services.ts";
import { measureUpdates } from "./bench/side-by-side.ts";
import { measureStartUp } from "./bench/start-up.ts";
import { measureSynthesis } from "./bench/synthesis.ts";

const tell = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const sections: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  synth: measureSynthesis,
  start: measureStartUp,
  steady: async () => [await measureAfterSteady(tell)],
  update: () => measureUpdates(tell),
  fleet: () => measureHundred(tell),
};

const names = Object.keys(sections);
const asked = process.argv.slice(2);
const unknown = asked.find((name) => !names.includes(name));
if (unknown === undefined) {
  for (const name of asked.length === 0 ? names : asked) {
    tell(name);
    for (const figure of (await sections[name]?.()) ?? []) report(figure);
  }
} else {
  process.stderr.write(
    `There is no section ${JSON.stringify(unknown)}. Allowed: ${names.join(", ")}; without one, all.\n`,
  );
  process.exitCode = 2;
}
