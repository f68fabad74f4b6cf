import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { masked, secretPlaces } from "../../scripts/core/masking.ts";
import { looksSecretName } from "../../scripts/core/masking-patterns.ts";

const variable = (name: string, value: string): object => ({ environment: [{ name, value }] });

describe("a name that tells of a secret", () => {
  test.each([
    "PASSWORD",
    "DB_PASSWORD",
    "PGPASSWORD",
    "dbPasswd",
    "SMTP_PASS",
    "DB_PWD",
    "CLIENT_SECRET",
    "SECRET_KEY_BASE",
    "GITHUB_TOKEN",
    "API_KEY",
    "apiKey",
    "com.example.api-key",
    "SSH_PRIVATE_KEY",
    "AWS_ACCESS_KEY_ID",
    "GOOGLE_CREDENTIALS",
    "APP_KEY",
    "DATABASE_CONNECTION_STRING",
    "SENTRY_DSN",
    "splunk-token",
    "SESSION_COOKIE",
  ])("%s", (name) => {
    expect(looksSecretName(name)).toBe(true);
    expect(JSON.stringify(masked(variable(name, "the-value")))).not.toContain("the-value");
  });

  test.each([
    "PATH",
    "PWD",
    "LOG_LEVEL",
    "AUTHOR",
    "COMPASS_URL",
    "PASSENGERS",
    "PARTITION_KEY",
    "PUBLIC_KEY",
    "SECRET_ARN",
    "TOKEN_TTL",
    "PASSWORD_FILE",
    "awslogs-group",
  ])("is not %s", (name) => {
    expect(looksSecretName(name)).toBe(false);
  });
});

describe("a value that gives itself away is hidden whatever its name", () => {
  test.each([
    ["postgres://app:hunter2@db:5432/app?ssl=1", "hunter2"],
    ["amqp://user:p%40ss@queue/v", "p%40ss"],
    ["https://0123456789abcdef01234567@sentry.example/1", "0123456789abcdef01234567"],
    ["AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"],
    ["wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "wJalrXUtnFEMI"],
    ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2ln", "eyJzdWIiOiIxMjM0In0"],
    ["-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----", "MIIE"],
    ["-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl", "b3Bl"],
    ["ghp_0123456789abcdefghijklmnopqrstuvwxyz", "0123456789abcdef"],
    ["github_pat_11ABCDEFG0123456789_abcdefghij", "11ABCDEFG"],
    ["xoxb-123456789012-abcdefghijkl", "123456789012"],
    ["https://hooks.slack.com/services/T000/B000/XXXXXXXX", "XXXXXXXX"],
    ["sk_live_0123456789abcdef", "0123456789abcdef"],
    ["curl -H 'Authorization: Bearer abcdef.ghijkl' x", "ghijkl"],
    ["export DB_PASSWORD=hunter2 && run", "hunter2"],
    ["run --db-password 'hun ter2' --verbose", "ter2"],
    ['{"password": "hun\\"ter2", "user": "a"}', "ter2"],
    ["https://x.example/?api_key=hunter2&page=1", "hunter2"],
  ])("%s", (text, secret) => {
    const shown = JSON.stringify(masked(variable("X", text)));
    expect(shown).not.toContain(secret);
    expect(shown).toContain("(masked)");
  });

  test.each([
    "http://localhost:8080/path?x=@y",
    "arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/db-password-AbCdEf:password::",
    "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/token-service/573ea33fd8de362e",
    "3f786850e387550fdab836ed7e6dc881de23001b",
    "nginx@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "run --password $DB_PASSWORD --token ${TOKEN}",
    "wget -q -O /dev/null http://127.0.0.1:8080/health || exit 1",
    "/usr/local/bin/docker-entrypoint.sh",
  ])("and what gives nothing away is shown: %s", (text) => {
    expect(masked(variable("X", text))).toEqual(variable("X", text));
  });

  test("and the rest of its text stays", () => {
    expect(masked({ command: ["sh", "-c", "mysql -h db --password=hunter2 -u root"] })).toEqual({
      command: ["sh", "-c", "mysql -h db --password=(masked) -u root"],
    });
  });
});

describe("in a definition", () => {
  test("the word after a secret's flag is hidden, unless it is a flag itself", () => {
    expect(masked({ command: ["run", "--token", "abc", "--password", "--verbose"] })).toEqual({
      command: ["run", "--token", "(masked)", "--password", "--verbose"],
    });
  });

  test("labels, tags, log and driver options are hidden by their names", () => {
    const document = {
      dockerLabels: { "com.x.secret": "s1", version: "1=2=3" },
      tags: [
        { key: "deploy-token", value: "s2" },
        { key: "team", value: "a" },
      ],
      logConfiguration: { logDriver: "splunk", options: { "splunk-token": "s3", "splunk-url": "https://x" } },
      volumes: [{ name: "v", dockerVolumeConfiguration: { driverOpts: { password: "s4", type: "cifs" } } }],
    };
    const shown = JSON.stringify(masked(document));
    for (const secret of ["s1", "s2", "s3", "s4"]) expect(shown).not.toContain(`"${secret}"`);
    for (const open of ["1=2=3", "a", "https://x", "cifs"]) expect(shown).toContain(`"${open}"`);
  });

  test("references to secrets are shown: they say where, not what", () => {
    const document = {
      secrets: [{ name: "DB_PASSWORD", valueFrom: "/prod/db/password" }],
      repositoryCredentials: { credentialsParameter: "arn:aws:secretsmanager:r:1:secret:x" },
    };
    expect(masked(document)).toEqual(document);
  });

  test("an empty secret and a switch have nothing to hide", () => {
    const document = {
      environment: [
        { name: "PASSWORD", value: "" },
        { name: "TOKEN_AUTH", value: "true" },
      ],
    };
    expect(masked(document)).toEqual(document);
  });

  test("numbers, dates and switches come back as they are", () => {
    const document = { cpu: 256, essential: true, at: new Date(0), nothing: null };
    expect(masked(document)).toEqual(document);
  });

  test("the places of plaintext secrets are named, never the secrets", () => {
    const places = secretPlaces({
      containerDefinitions: [
        {
          name: "app",
          environment: [
            { name: "A", value: "x" },
            { name: "DB_PASSWORD", value: "hunter2" },
          ],
        },
        { name: "job", command: ["--token", "abc"], dockerLabels: { "api-key": "k" } },
      ],
      tags: [{ key: "secret", value: "s" }],
    });
    expect(places).toEqual([
      "containerDefinitions[app].environment[DB_PASSWORD]",
      "containerDefinitions[job].command[1]",
      "containerDefinitions[job].dockerLabels[api-key]",
      "tags[secret]",
    ]);
  });
});

describe("a secret that takes the place of another", () => {
  test("is seen to have changed, and one that stays is not", () => {
    expect(masked(variable("TOKEN", "new"), variable("TOKEN", "old"))).toEqual(
      variable("TOKEN", "(masked, changed)"),
    );
    expect(masked(variable("TOKEN", "old"), variable("TOKEN", "old"))).toEqual(variable("TOKEN", "(masked)"));
  });

  test("is seen beside other changes of its text", () => {
    expect(masked("mysql -h b --password=new", "mysql -h a --password=old")).toBe(
      "mysql -h b --password=(masked, changed)",
    );
    expect(masked("mysql -h b --password=old", "mysql -h a --password=old")).toBe(
      "mysql -h b --password=(masked)",
    );
  });
});

test("masking takes no longer than a text is long, whatever it is made of", () => {
  // A pattern that went back and forth over 60,000 characters would not come to an end here.
  for (const piece of [
    "a",
    "password",
    "token=",
    "x:",
    "://a:",
    "ey-aaaaaaaaaa.",
    "Aa1/",
    " ",
    "-",
    "sk-",
    '"',
    "'",
  ]) {
    expect(masked(piece.repeat(60_000 / piece.length))).toBeDefined();
  }
});

test("whatever a secret is, it is not in what is shown", () => {
  const secret = fc.stringMatching(/^[a-z0-9]{12,40}$/);
  fc.assert(
    fc.property(secret, fc.constantFrom("PASSWORD", "API_KEY", "X_TOKEN"), (value, name) => {
      const document = [
        variable(name, value),
        { dockerLabels: { [name]: value } },
        { command: [`--${name}`, value, `${name}=${value}`, `https://u:${value}@h/`] },
      ];
      expect(JSON.stringify(masked(document))).not.toContain(value);
    }),
    { numRuns: 500 },
  );
});
