import { isExpression } from "../attributes.ts";
import { readPolicy } from "../policies.ts";
import type { PolicyCondition, PolicyStatement } from "../policies.ts";
import type { RuleBody } from "../rule.ts";

const github = /(^|\/)token\.actions\.githubusercontent\.com([/:]|$)/;

/** Claims that whoever opens a pull request can choose, so that a subject must not begin with them. */
const forgeable = ["workflow", "environment", "ref", "context", "head_ref", "base_ref"];

/** An owner and a repository, each as GitHub writes them in a subject, the newer form with their numbers too. */
const repository = /^[\w-]+(\.[\w-]+)*(@\d+)?\/[^/]+$/;

const exactly = /^(For(All|Any)Values:)?String(Equals|Like)(IgnoreCase)?$/;

const webIdentity: RuleBody = {
  why: "Every pipeline of the provider, anybody's, could assume the role.",
  types: ["aws_iam_role"],
  beyond: "Every subject counts, the audience too, and GitLab and other providers as well.",
  mend: "Give the trust policy conditions on sub (repo:<owner>/<repository>:…, or project_path:<group>/<project>:…) and aud.",
  check(role, all) {
    const statements = readPolicy(role, role.attributes["assume_role_policy"], all);
    if (statements === undefined) {
      return ["assume_role_policy cannot be read before Terraform runs; write it with JSON.stringify"];
    }
    const trusting = statements.filter(
      ({ isAllow, federated }) =>
        isAllow && federated.some((provider) => provider.includes("oidc-provider") || isExpression(provider)),
    );
    return trusting.length === 0 ? undefined : trusting.flatMap(checkStatement);
  },
};

function checkStatement({ conditions, federated }: PolicyStatement): readonly string[] {
  const isGithub = [...federated, ...conditions.map(({ key }) => key)].some((text) => github.test(text));
  const subjects = valuesOf(conditions, "sub");
  const audiences = valuesOf(conditions, "aud");
  return [
    ...(subjects.length === 0 ? ["no condition names the subject (sub)"] : []),
    ...(audiences.length === 0 ? ["no condition names the audience (aud)"] : []),
    ...subjects.flatMap((subject) => checkSubject(subject, isGithub)),
    ...audiences.flatMap((audience) => (/[*?]/.test(audience) ? [`audience ${audience} is anybody's`] : [])),
  ];
}

/** What a claim has to be: values of the conditions that compare it with a text. */
function valuesOf(conditions: readonly PolicyCondition[], claim: string): readonly string[] {
  return conditions.flatMap(({ operator, key, values }) =>
    exactly.test(operator) && key.endsWith(`:${claim}`) ? values : [],
  );
}

function checkSubject(subject: string, isGithub: boolean): readonly string[] {
  const [claim = "", value = ""] = subject.split(":");
  const wrong = (why: string): readonly string[] => [`subject ${subject} ${why}`];
  if (/[*?]/.test(claim) || value === "" || /^[*?]+$/.test(value)) return wrong("is anybody's");
  if (isGithub && forgeable.some((name) => claim.startsWith(name))) {
    return wrong(`begins with ${claim}, which anybody's repository can have`);
  }
  if (isGithub && claim === "repo" && !repository.test(value)) return wrong("names no owner and repository");
  // Wildcards in the group or the owner let in whoever registers a name that fits.
  const [owner = ""] = value.split("/");
  return /[*?]/.test(owner) ? wrong("has a wildcard in its owner") : [];
}

/** The rule for roles that pipelines assume. */
export const webIdentityRules = { CKV_AWS_393: webIdentity };
