/**
 * The cluster query language, in which `memberOf` constraints and the filter of ListContainerInstances are written.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-query-language.html
 */
import { agentVersion, attributeOf } from "./attributes.ts";
import { tokensOf } from "./cluster-query-tokens.ts";
import type { HostRecord } from "./state.ts";

/** A host as a query sees it. */
interface QueriedHost {
  readonly host: HostRecord;
  /** The groups of the tasks on it. */
  readonly groups: readonly string[];
  readonly runningTasks: number;
}

/** Whether a host is one that is asked for. */
export type Query = (queried: QueriedHost) => boolean;

/** An expression that is not one of the language. */
export class QueryError extends Error {
  override readonly name = "QueryError";
}

const longest = 2000;
/** How each operator is written, in signs and in words. */
const operators: Readonly<Record<string, string>> = {
  equals: "==",
  not_equals: "!=",
  greater_than: ">",
  greater_than_equal: ">=",
  less_than: "<",
  less_than_equal: "<=",
  matches: "=~",
  not_matches: "!~",
};

/** @throws QueryError for an expression that is not one of the language */
export function parseQuery(expression: string): Query {
  if (expression.length > longest) throw new QueryError(expression);
  const parser = new Parser(expression);
  const query = parser.alternatives();
  parser.end();
  return query;
}

class Parser {
  readonly #expression: string;
  readonly #tokens: readonly string[];
  #next = 0;

  constructor(expression: string) {
    this.#expression = expression;
    this.#tokens = tokensOf(expression) ?? this.#refuse();
  }

  end(): void {
    if (this.#next < this.#tokens.length) this.#refuse();
  }

  alternatives(): Query {
    let query = this.#conjunction();
    while (this.#takes("or", "||")) {
      const [left, right] = [query, this.#conjunction()];
      query = (queried) => left(queried) || right(queried);
    }
    return query;
  }

  #conjunction(): Query {
    let query = this.#term();
    while (this.#takes("and", "&&")) {
      const [left, right] = [query, this.#term()];
      query = (queried) => left(queried) && right(queried);
    }
    return query;
  }

  #term(): Query {
    if (this.#takes("not", "!")) {
      const query = this.#term();
      return (queried) => !query(queried);
    }
    if (!this.#takes("(")) return this.#comparison();
    const query = this.alternatives();
    if (!this.#takes(")")) this.#refuse();
    return query;
  }

  #comparison(): Query {
    const values = this.#subject();
    const negated = this.#takes("!");
    const word = this.#word();
    const operator = operators[word] ?? word;
    const positive = this.#operation(operator.replace(/^not_(in|exists)$/, "$1"), values);
    const inverse = negated || operator.startsWith("not_");
    return inverse ? (queried) => !positive(queried) : positive;
  }

  #operation(operator: string, values: (queried: QueriedHost) => readonly (string | null)[]): Query {
    if (operator === "exists") return (queried) => values(queried).length > 0;
    if (operator === "in") {
      const wanted = new Set(this.#list());
      return (queried) => values(queried).some((value) => value !== null && wanted.has(value));
    }
    const argument = this.#argument();
    const test = this.#test(operator, argument);
    const any: Query = (queried) => values(queried).some((value) => value !== null && test(value));
    return operator === "!=" || operator === "!~" ? (queried) => !any(queried) : any;
  }

  #test(operator: string, argument: string): (value: string) => boolean {
    switch (operator) {
      case "==":
      case "!=":
        return (value) => value === argument;
      case "=~":
      case "!~": {
        const pattern = this.#pattern(argument);
        return (value) => pattern.test(value);
      }
      case ">":
        return (value) => compare(value, argument) > 0;
      case ">=":
        return (value) => compare(value, argument) >= 0;
      case "<":
        return (value) => compare(value, argument) < 0;
      case "<=":
        return (value) => compare(value, argument) <= 0;
      default:
        return this.#refuse();
    }
  }

  #pattern(text: string): RegExp {
    try {
      return new RegExp(`^(?:${text})$`);
    } catch {
      return this.#refuse();
    }
  }

  #subject(): (queried: QueriedHost) => readonly (string | null)[] {
    const subject = this.#word();
    const attribute = /^attribute:(.+)$/.exec(subject)?.[1];
    if (attribute !== undefined) {
      return ({ host }) => {
        const value = attributeOf(host, attribute);
        return value === undefined ? [] : [value];
      };
    }
    switch (subject) {
      case "task:group":
        return ({ groups }) => groups;
      case "ec2InstanceId":
        return ({ host }) => [host.ec2InstanceId];
      case "agentVersion":
        return () => [agentVersion];
      case "agentConnected":
        return () => ["true"];
      case "registeredAt":
        return ({ host }) => [new Date(host.registeredAt).toISOString()];
      case "runningTasksCount":
        return ({ runningTasks }) => [String(runningTasks)];
      default:
        return this.#refuse();
    }
  }

  #list(): string[] {
    if (!this.#takes("[")) this.#refuse();
    const items = [this.#argument()];
    while (this.#takes(",")) items.push(this.#argument());
    if (!this.#takes("]")) this.#refuse();
    return items;
  }

  #argument(): string {
    const word = this.#word();
    if (/^[()[\],]$/.test(word)) this.#refuse();
    return word.replace(/^"(.*)"$/, "$1");
  }

  #word(): string {
    const word = this.#tokens[this.#next];
    if (word === undefined) this.#refuse();
    this.#next += 1;
    return word;
  }

  #takes(...words: string[]): boolean {
    const found = words.includes(this.#tokens[this.#next] ?? "");
    if (found) this.#next += 1;
    return found;
  }

  #refuse(): never {
    throw new QueryError(`Invalid expression: ${this.#expression}`);
  }
}

/** Numbers, versions and times by their value, anything else as text. */
function compare(one: string, other: string): number {
  const [first, second] = [numbersOf(one), numbersOf(other)];
  if (!first || !second) return one < other ? -1 : Number(one > other);
  const index = first.findIndex((number, position) => number !== (second[position] ?? 0));
  if (index === -1) return first.length < second.length ? -1 : 0;
  return (first[index] ?? 0) - (second[index] ?? 0);
}

function numbersOf(text: string): number[] | undefined {
  return /^\d+(\.\d+)*$/.test(text) ? text.split(".").map(Number) : undefined;
}
