// Loaded before a program: prints at its end what it has used, as one line of JSON on standard error.
import { performance } from "node:perf_hooks";

process.on("exit", () => {
  const { maxRSS } = process.resourceUsage();
  process.stderr.write(
    `${JSON.stringify({ seconds: performance.now() / 1000, megabytes: maxRSS / 1024 })}\n`,
  );
});
