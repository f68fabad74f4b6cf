import { describe, expect, test } from "@jest/globals";

import { formatImageReference, parseImageReference } from "../../scripts/core/image-reference.ts";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

function messageOf(text: string): string {
  const parsed = parseImageReference(text);
  return parsed.ok ? `accepted ${JSON.stringify(parsed.image)}` : parsed.message;
}

describe("an image reference is read in its parts", () => {
  test.each([
    ["nginx", { repository: "nginx" }],
    ["nginx:alpine", { repository: "nginx", tag: "alpine" }],
    ["team/app:1.27", { repository: "team/app", tag: "1.27" }],
    ["registry:5000", { repository: "registry", tag: "5000" }],
    ["registry:5000/side", { registry: "registry:5000", repository: "side" }],
    ["registry:5000/side/app:7", { registry: "registry:5000", repository: "side/app", tag: "7" }],
    ["localhost/app", { registry: "localhost", repository: "app" }],
    ["Registry/app", { registry: "Registry", repository: "app" }],
    ["[::1]:5000/app:1", { registry: "[::1]:5000", repository: "app", tag: "1" }],
    ["[2001:db8::1]/app", { registry: "[2001:db8::1]", repository: "app" }],
    [`app@${digest}`, { repository: "app", digest }],
    [`repo/app:1@${digest}`, { repository: "repo/app", tag: "1", digest }],
    [
      `111122223333.dkr.ecr.eu-west-1.amazonaws.com/a/b_c/d__e/f--g:V.1-x_2@${digest}`,
      {
        registry: "111122223333.dkr.ecr.eu-west-1.amazonaws.com",
        repository: "a/b_c/d__e/f--g",
        tag: "V.1-x_2",
        digest,
      },
    ],
  ])("%s", (text, image) => {
    expect(parseImageReference(text)).toEqual({ ok: true, image });
    expect(formatImageReference(image)).toBe(text);
  });
});

describe("what is no image reference is refused with the reason", () => {
  test.each([
    ["", "it is empty"],
    [" nginx", 'the character " " cannot be part of one'],
    ["nginx\n", String.raw`the character "\n" cannot be part of one`],
    ["ngin\u0000x", String.raw`the character "\u0000" cannot be part of one`],
    ["nginx'", `the character "'" cannot be part of one`],
    ["nginx😀", 'the character "😀" cannot be part of one'],
    ["Nginx", "a repository has components of lower-case letters"],
    ["registry:5000/Side", "a repository has components of lower-case letters"],
    ["a//b", "a repository has components of lower-case letters"],
    ["/a", "a repository has components of lower-case letters"],
    ["a/", "a repository has components of lower-case letters"],
    ["c/a..b", "a repository has components of lower-case letters"],
    ["a___b", "a repository has components of lower-case letters"],
    ["nginx:", "a tag has 1 to 128"],
    ["nginx:.x", "a tag has 1 to 128"],
    ["nginx:a:b", "a tag has 1 to 128"],
    [`nginx:${"x".repeat(129)}`, "a tag has 1 to 128"],
    ["app@sha256:7", "after the @ comes sha256: and 64"],
    [`app@sha256:${"A".repeat(64)}`, "after the @ comes sha256: and 64"],
    [`app@${digest}@${digest}`, "it has more than one @"],
    [`@${digest}`, "a repository has components"],
    ["https://registry/app", `"https:" is not a registry's host and port`],
    ["-host.example/app", `"-host.example" is not a registry's host and port`],
    ["registry:99999/app", "99999 is not a port"],
    ["registry:0/app", "0 is not a port"],
    ["a".repeat(256), "its name has 256 characters, 255 are allowed"],
    ["a".repeat(600), "it has 600 characters, more than any reference"],
    ["0123456789abcdef".repeat(4), "it is the id of an image"],
  ])("%j", (text, reason) => {
    expect(messageOf(text)).toContain(reason);
  });

  test("the message shows what was received, as JSON, and what is allowed", () => {
    expect(messageOf('x","privileged":true,"a":"')).toBe(
      String.raw`"x\",\"privileged\":true,\"a\":\"" is not a valid image reference: the character "\"" cannot be part ` +
        "of one. Allowed: [registry[:port]/]repository[:tag][@sha256:digest], as in nginx:alpine.",
    );
  });

  test("a long text is cut in the message", () => {
    expect(messageOf("x y".repeat(1000)).length).toBeLessThan(400);
  });
});
