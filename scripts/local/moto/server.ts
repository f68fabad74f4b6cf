import { mkdir } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import path from "node:path";

import { execa } from "execa";

import { findMoto, SetupError } from "./python.ts";

/** A moto that runs. */
export interface RunningMoto {
  readonly version: string;
  readonly port: number;
  readonly endpoint: string;
  /** Stops it and waits for its end. */
  stop(): Promise<void>;
}

const readyWithinMs = 60_000;
const pollEveryMs = 100;

/**
 * Runs its arguments as a child and ends with it; when its own standard input closes, which it does however its
 * parent ends, it stops the child.
 */
const lifeline =
  'exec 3<&0; "$@" </dev/null & child=$!; (cat <&3 >/dev/null; kill "$child" 2>/dev/null) & ' +
  'trap \'kill "$child" 2>/dev/null\' TERM INT; wait "$child"';

const tagsOfLoadBalancing = 50;

/**
 * Moto's server, with what it does otherwise than AWS put right where the gateway can't:
 *
 * - An operation that it does not have is HTTP 501, and a mistake of its own is 500; moto itself answers both with 500.
 * - The services of ECS are not moto's here, so it does not look for those that a scalable target names; the gateway does.
 * - A bucket's policy denies nothing, since moto knows no conditions; where IAM is enforced, the gateway does.
 * - Later versions of a launch template have their user data in the form in which moto launches from it.
 * - What belongs to Elastic Load Balancing takes as many tags as AWS lets it have.
 *   https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-tags.html
 */
const program = `
from botocore.model import OperationNotFoundError
from moto.applicationautoscaling.models import ApplicationAutoscalingBackend
from moto.core.responses import BaseResponse
from moto.ec2 import utils as ec2_utils
from moto.ec2.models.launch_templates import LaunchTemplate
from moto.elbv2.exceptions import TooManyTagsError
from moto.elbv2.models import ELBv2Backend
from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket
from moto.server import main
from werkzeug.exceptions import NotImplemented as Missing

def or_missing(method):
    def call(self, *args, **named):
        try:
            return method(self, *args, **named)
        except (NotImplementedError, OperationNotFoundError) as error:
            raise Missing(str(error)) from error
    return call

def or_neutral(method):
    def call(self, *args):
        answer = method(self, *args)
        return PermissionResult.NEUTRAL if answer == PermissionResult.DENIED else answer
    return call

def with_user_data(method):
    parse = getattr(ec2_utils, "parse_user_data", lambda value: value)
    def call(self, data, description):
        value = data.get("UserData")
        return method(self, {**data, "UserData": parse(value)} if isinstance(value, str) else data, description)
    return call

def add_tags(self, resource_arns, tags):
    for arn in resource_arns:
        self._get_resource_by_arn(arn)
        known = self.tagging_service.get_tag_dict_for_resource(arn)
        if len({*known, *(tag["Key"] for tag in tags)}) > ${tagsOfLoadBalancing}:
            raise TooManyTagsError()
        self.tagging_service.tag_resource(arn, tags)

ELBv2Backend.add_tags = add_tags
FakeBucket.get_permission = or_neutral(FakeBucket.get_permission)
LaunchTemplate.create_version = with_user_data(LaunchTemplate.create_version)
BaseResponse.setup_class = or_missing(BaseResponse.setup_class)
BaseResponse.call_action = or_missing(BaseResponse.call_action)
ApplicationAutoscalingBackend._ecs_service_exists_for_target = lambda self, resource_id: True
main()
`;

/**
 * Starts moto on a free loopback port; it never outlives this process, even one that is killed.
 *
 * @param directory where its log goes, and the virtual environment where one is needed
 * @throws SetupError when it cannot be had or does not start
 */
export async function startMoto(directory: string, log: (message: string) => void): Promise<RunningMoto> {
  await mkdir(directory, { recursive: true });
  const { python, version } = await findMoto(path.dirname(directory), log);
  const port = await freePort();
  const logFile = path.join(directory, "moto.log");
  const child = execa(
    "sh",
    ["-c", lifeline, "sh", python, "-c", program, "-H", "127.0.0.1", "-p", String(port)],
    {
      // A certificate is issued when it is next asked for, not a minute later.
      env: { MOTO_IAM_LOAD_MANAGED_POLICIES: "true", MOTO_ACM_VALIDATION_WAIT: "0" },
      stdin: "pipe",
      stdout: { file: logFile },
      stderr: { file: logFile },
      reject: false,
      // Ctrl-C in a terminal goes to the whole group; moto is to end with the gateway, not before it.
      detached: true,
      cleanup: false,
    },
  );
  const endpoint = `http://127.0.0.1:${port}`;
  let stopping = false;
  const ended = child.then(() => {
    if (!stopping) log(`error moto ended; see ${logFile}. Start again: ./local stop, ./local start`);
    return true;
  });
  const stop = async (): Promise<void> => {
    stopping = true;
    child.stdin.end();
    await child;
  };
  for (const until = Date.now() + readyWithinMs; ;) {
    if (await isReady(endpoint)) return { version, port, endpoint, stop };
    const over = await Promise.race([ended, pause(pollEveryMs)]);
    if (over || Date.now() > until) {
      await stop();
      throw new SetupError(`moto ${version} did not start within ${readyWithinMs / 1000} s; see ${logFile}`);
    }
  }
}

async function isReady(endpoint: string): Promise<boolean> {
  try {
    const response = await fetch(`${endpoint}/moto-api/`, { signal: AbortSignal.timeout(5000) });
    await response.arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

function pause(milliseconds: number): Promise<false> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, false));
}

/** A port that is free now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}
