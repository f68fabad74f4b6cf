// The deploy script. The launcher `./deploy` runs the bundle of this file; nothing is loaded before it is needed.
import manifest from "../package.json" with { type: "json" };

const args = process.argv.slice(2);

if (args.length === 1 && args[0] === "--version") {
  process.stdout.write(`${manifest.version}\n`);
} else {
  const { main } = await import("./commands/main.ts");
  process.exitCode = await main(args, manifest.version, process);
}
