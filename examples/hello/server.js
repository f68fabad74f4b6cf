/**
 * A small HTTP server for Amazon ECS: `/` tells its version, `/health` whether it takes requests.
 *
 * | variable               | what it is                                                         | default           |
 * | ---------------------- | ------------------------------------------------------------------ | ----------------- |
 * | `APP_VERSION`          | what it calls itself; the image sets it                            | `dev`             |
 * | `HOST`, `PORT`         | where it listens; port 0 takes a free one                          | `127.0.0.1`, 8080 |
 * | `STOP_TIMEOUT_SECONDS` | how long requests may take to finish; below the task's stopTimeout | 25                |
 */
import { Buffer } from "node:buffer";
import { createServer } from "node:http";
import { clearInterval, clearTimeout, setInterval, setTimeout } from "node:timers";

const version = process.env.APP_VERSION || "dev";
const host = process.env.HOST || "127.0.0.1";
const port = wholeNumber("PORT", 8080, 0, 65535);
const stopTimeoutSeconds = wholeNumber("STOP_TIMEOUT_SECONDS", 25, 1, 120);
let stopping = false;

const server = createServer((request, response) => {
  // A request is under way until its body is here; the answer comes then.
  request.resume();
  request.once("end", () => answer(request, response));
});

// Longer than a load balancer keeps an idle connection (60 s), or it sends a request into one that is being closed.
server.keepAliveTimeout = 65_000;

function answer(request, response) {
  const { pathname } = new URL(request.url, "http://localhost");
  const [status, text] = page(request.method, pathname);
  const body = Buffer.from(text);
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "content-length": body.length,
    "cache-control": "no-store",
    "x-version": version,
    ...(stopping && { connection: "close" }),
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

function page(method, pathname) {
  if (method !== "GET" && method !== "HEAD") return [405, "Only GET and HEAD.\n"];
  if (pathname === "/") return [200, `hello ${version}\n`];
  if (pathname === "/health") return stopping ? [503, "stopping\n"] : [200, "ok\n"];
  return [404, "Not found.\n"];
}

/**
 * Takes no more connections, finishes the requests that are under way and closes their connections. ECS sends SIGTERM
 * only after the load balancer has drained the task, so nothing has to be waited for first; where no load balancer was
 * asked, as when a Spot host goes, 503 on the connections that are left says the same.
 */
function stop(signal) {
  if (stopping) return;
  stopping = true;
  console.log(`${signal}: finishing what is under way`);
  // A connection that was answered before the signal reached us is idle only now.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const cut = setTimeout(() => {
    console.error(`Requests still under way after ${stopTimeoutSeconds} s were cut off.`);
    process.exitCode = 1;
    server.closeAllConnections();
  }, stopTimeoutSeconds * 1000);
  server.close(() => {
    clearInterval(sweep);
    clearTimeout(cut);
    console.log("stopped");
  });
}

function wholeNumber(name, standard, least, most) {
  const text = process.env[name] ?? String(standard);
  const value = Number(text);
  if (/^\d{1,5}$/.test(text) && value >= least && value <= most) return value;
  console.error(`${name}=${JSON.stringify(text)} is not a whole number from ${least} to ${most}.`);
  process.exit(2);
}

process.on("SIGTERM", stop);
process.on("SIGINT", stop);
server.once("error", (error) => {
  console.error(`Cannot listen on ${host}:${port}: ${error.message}`);
  process.exitCode = 1;
});
server.listen(port, host, () => console.log(`hello ${version} listens on port ${server.address().port}`));
