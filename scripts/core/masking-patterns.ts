/**
 * What looks like a secret, by its name or by itself. Formats of tokens are those that their issuers publish.
 *
 * @see https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */

const secretWords =
  "pass(?:word|wd|phrase|code)|(?<![a-z0-9])(?:pwd|pass)(?![a-z0-9])|secret|token|credential|authorization" +
  "|jwt|bearer|cookie|hmac|(?<![a-z0-9])(?:auth|dsn|salt|pepper|pat|otp)(?![a-z0-9])|conn(?:ection)?[^a-z0-9]?str(?:ing)?" +
  "|(?:api|app|private|access|secret|signing|encryption|master|auth|account|license|ssh|service|storage|shared|session|webhook|deploy)[^a-z0-9]?key";

const secretName = new RegExp(secretWords, "i");

/** Names that tell of a secret without being one: where it is, how long it lasts. */
const aboutSecrets =
  /(?:^|[^a-z0-9])(?:arn|name|path|file|ttl|timeout|expir\w*|length|type|algorithm|region|header|enabled)$/i;

/** The shell's own variables. */
const harmless: ReadonlySet<string> = new Set(["PWD", "OLDPWD"]);

/** Whether a value of that name (a variable, a label, a tag, an option) is most likely a secret. */
export function looksSecretName(name: string): boolean {
  return secretName.test(name) && !aboutSecrets.test(name) && !harmless.has(name);
}

// Bounded, so that a long text costs no more than its length.
const name = `[\\w.-]{0,40}(?:${secretWords})[\\w.-]{0,40}`;
const quotedOrWord = String.raw`"(?:[^"\\]|\\.)*"|'[^']*'|[^\s&;,"'|<>)]+`;

/** What to hide in a text, in the order in which it is looked for; all of a match is hidden. */
export const secretPatterns: readonly RegExp[] = [
  // PEM: the whole block, also one that is cut off.
  /(?:-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[^]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|$))/g,
  // A URL's password; a number followed by a path is a port.
  /(?<=:\/\/[^\s/?#:@]{0,100}:)(?!\d+(?:[/?#]|$))[^\s"',]{1,300}(?=@)/g,
  // A URL with a token for a user.
  /(?<=:\/\/)(?:[\w-]{20,})(?=@)/g,
  // JSON Web Token.
  /\b(?:ey[\w-]{10,}\.ey[\w-]{10,}\.[\w-]*)/g,
  // AWS access key ids, temporary ones included.
  /\b(?:(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16})\b/g,
  // GitHub, GitLab, npm, Slack, Stripe, Google, SendGrid, and the sk- keys of several.
  /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{22,}|gl[a-z]{2,5}-[\w-]{20,}|npm_[A-Za-z0-9]{30,})/g,
  /\b(?:xox[a-z]-[\w-]{10,}|xapp-[\w-]{10,}|AIza[\w-]{35}|SG\.[\w-]{16,}\.[\w-]{16,})/g,
  /\b(?:[sr]k_(?:live|test|prod)_[A-Za-z0-9]{10,}|sk-[\w-]{20,}|whsec_[A-Za-z0-9+/=]{20,})/g,
  /(?<=hooks\.slack\.com\/(?:services|workflows)\/)(?:[\w/]+)/g,
  // An HTTP header's credentials.
  /(?<=\b(?:Bearer|Basic)\s{1,3})(?:[\w+/=.~-]{8,})/gi,
  // NAME=value, "name": "value", Name: value.
  new RegExp(`(?<=${name}["']?\\s{0,3}=\\s{0,3})(?:${quotedOrWord})`, "gi"),
  new RegExp(`(?<=${name}["']?\\s{0,3}:\\s{0,3})(?:"(?:[^"\\\\]|\\\\.)*"|'[^']*')`, "gi"),
  new RegExp(`(?<=${name}:\\s{1,3})(?!Bearer|Basic)(?:${quotedOrWord})`, "gi"),
  // --password value.
  new RegExp(`(?<=(?:^|\\s)--?${name}\\s{1,3})(?!-)(?:${quotedOrWord})`, "gi"),
  // An AWS secret access key: forty characters of base64 with every kind of them.
  /(?<![\w/+=])(?=[\w/+]{0,39}[A-Z])(?=[\w/+]{0,39}[a-z])(?=[\w/+]{0,39}\d)(?:[A-Za-z0-9/+]{40})(?![\w/+=])/g,
];

/** A flag whose next word is a secret, as in `["--password", "…"]`. */
export const secretFlag = new RegExp(`^--?${name}$`, "i");

/** What names a thing and is no secret, whatever words it holds. */
export const arnPattern = /\barn:aws[\w-]*:[^\s"',]+/g;
