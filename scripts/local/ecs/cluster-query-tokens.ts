const tokens = /\s*("[^"]*"|&&|\|\||==|!=|>=|<=|=~|!~|[()[\],<>!]|[^\s()[\],&|=<>!~"]+)/y;

/** The operators that a regular expression follows, brackets and all. */
const matching = new Set(["=~", "!~", "matches", "not_matches"]);
const patterns = /\s*("[^"]*"|\S+)/y;

/** Cuts an expression of the cluster query language into its tokens; undefined when it is not one. */
export function tokensOf(expression: string): string[] | undefined {
  const found: string[] = [];
  const { length } = expression.trimEnd();
  for (let at = 0; at < length;) {
    const next = matching.has(found.at(-1) ?? "") ? patternAt(expression, at) : tokenAt(expression, at);
    if (!next) return undefined;
    found.push(next.token);
    at = next.end;
  }
  return found;
}

function tokenAt(expression: string, at: number): { token: string; end: number } | undefined {
  tokens.lastIndex = at;
  const token = tokens.exec(expression)?.[1];
  return token === undefined ? undefined : { token, end: tokens.lastIndex };
}

/** A regular expression goes on to the next space; parentheses that it does not open itself are not part of it. */
function patternAt(expression: string, at: number): { token: string; end: number } | undefined {
  patterns.lastIndex = at;
  let token = patterns.exec(expression)?.[1];
  if (token === undefined) return undefined;
  let end = patterns.lastIndex;
  while (token.endsWith(")") && count(token, ")") > count(token, "(")) {
    token = token.slice(0, -1);
    end -= 1;
  }
  return { token, end };
}

function count(text: string, sign: string): number {
  return text.split(sign).length - 1;
}
