/**
 * Sticky sessions: which target group and target a client's cookies ask for, and the cookies that it is given.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/sticky-sessions.html
 */
import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import { z } from "zod";

import type { Clock } from "../clock.ts";
import { CookieSeal, cookieNames, readCookie } from "./cookies.ts";
import type { Stickiness } from "./settings.ts";

const groupCookie = "AWSALBTG";
const targetCookie = "AWSALB";
const applicationCookie = "AWSALBAPP-0";
/** The cookie of application-based stickiness has a life of its own. */
const applicationCookieLife = 7 * 24 * 3600 * 1000;

/** What the cookies say; `until` is an instant of the scaled clock. */
const content = z.object({ names: z.string(), until: z.number() });

/** Reads and makes the cookies of one region's load balancers. */
export class StickySessions {
  readonly #clock: Clock;
  readonly #seal = new CookieSeal();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The group that the client's cookie names, where the rule has sticky target groups and still has that group. */
  groupOf(action: Action, cookies: string | undefined): string | undefined {
    if (stickyGroupsFor(action) === null) return undefined;
    const arn = this.#read(cookies, groupCookie);
    return action.ForwardConfig?.TargetGroups?.some(({ TargetGroupArn }) => TargetGroupArn === arn)
      ? arn
      : undefined;
  }

  /** The target, as `id:port`, that the client's cookies name for a group. */
  targetOf(groupArn: string, stickiness: Stickiness | null, cookies: string | undefined): string | undefined {
    if (!stickiness) return undefined;
    const byApplication = stickiness.type === "app_cookie";
    if (byApplication && readCookie(cookies, stickiness.cookieName) === undefined) return undefined;
    const names = this.#read(cookies, byApplication ? applicationCookie : targetCookie);
    const prefix = `${groupArn} `;
    return names?.startsWith(prefix) ? names.slice(prefix.length) : undefined;
  }

  /** The Set-Cookie lines for a response that comes from a target. */
  cookiesFor(answer: {
    readonly action: Action;
    readonly groupArn: string;
    readonly targetKey: string;
    readonly stickiness: Stickiness | null;
    /** Whether the request came with cookies for this very target. */
    readonly wasSticky: boolean;
    /** What the target itself sets. */
    readonly setCookie: readonly string[] | undefined;
    readonly secure: boolean;
  }): string[] {
    const { action, groupArn, targetKey, stickiness, secure } = answer;
    const lines: string[] = [];
    const groupsFor = stickyGroupsFor(action);
    if (groupsFor !== null) lines.push(...this.#pair(groupCookie, groupArn, groupsFor, secure));
    const names = `${groupArn} ${targetKey}`;
    if (stickiness?.type === "lb_cookie") {
      lines.push(...this.#pair(targetCookie, names, stickiness.durationMs, secure));
    } else if (
      stickiness &&
      (answer.wasSticky || cookieNames(answer.setCookie).includes(stickiness.cookieName))
    ) {
      const value = this.#sealed(names, stickiness.durationMs);
      lines.push(this.#line(applicationCookie, value, applicationCookieLife));
    }
    return lines;
  }

  /** A cookie, and its twin for requests from other origins. */
  #pair(name: string, names: string, durationMs: number, secure: boolean): string[] {
    const value = this.#sealed(names, durationMs);
    const twin = this.#line(`${name}CORS`, value, durationMs);
    return [this.#line(name, value, durationMs), `${twin}; SameSite=None${secure ? "; Secure" : ""}`];
  }

  #line(name: string, value: string, life: number): string {
    const expires = new Date(Date.now() + this.#clock.toReal(life)).toUTCString();
    return `${name}=${value}; Expires=${expires}; Path=/`;
  }

  #sealed(names: string, durationMs: number): string {
    return this.#seal.close(JSON.stringify({ names, until: this.#clock.now() + durationMs }));
  }

  #read(cookies: string | undefined, name: string): string | undefined {
    const value = readCookie(cookies, name);
    const text = value === undefined ? undefined : this.#seal.open(value);
    if (text === undefined) return undefined;
    const { names, until } = content.parse(JSON.parse(text));
    return until > this.#clock.now() ? names : undefined;
  }
}

/** For how long clients stick to the target group of a rule; null when they do not. */
function stickyGroupsFor({ ForwardConfig }: Action): number | null {
  const config = ForwardConfig?.TargetGroupStickinessConfig;
  return config?.Enabled === true ? (config.DurationSeconds ?? 3600) * 1000 : null;
}
