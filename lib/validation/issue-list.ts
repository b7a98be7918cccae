import { Invalid, type Issue } from '../errors.ts';

const MOST_ISSUES = 10;
/** Of all issues together: what they are sent in, an id of 64 characters included, makes less than 4 KiB of them. */
const MOST_BYTES = 3072;
const LONGEST_PATH = 256;
const LONGEST_RULE = 64;
const LONGEST_MESSAGE = 200;
/** `{"path":"","rule":"truncated","message":"and 4990 more"}` with room for a longer number. */
const TRUNCATION_BYTES = 70;
/** `{"path":"","rule":"","message":""},` with room to spare. */
const FRAME_BYTES = 40;
const TRUNCATED = 'truncated';

/** Collects issues, however many there are, and keeps no more than a client may see. */
export class IssueList {
  readonly #most: number;
  #total = 0;
  #kept: Issue[] = [];

  /** What a check threw instead of judging. */
  cause: unknown = undefined;

  constructor(most = MOST_ISSUES) {
    this.#most = most;
  }

  /** A list for nobody to read: it only says whether there are issues. */
  static terse(): IssueList {
    return new IssueList(0);
  }

  static of(issue: Issue, cause?: unknown): IssueList {
    const list = new IssueList();
    list.add(issue);
    list.cause = cause;
    return list;
  }

  get total(): number {
    return this.#total;
  }

  /** Whether the next issue would only be counted: its text need not be made. */
  get isFull(): boolean {
    return this.#kept.length === this.#most;
  }

  /** Whether it says already all that it will ever say. */
  get isDecided(): boolean {
    return this.#most === 0 && this.#total > 0;
  }

  /** Freezes what it keeps: an issue may be given to many. */
  add(issue: Issue): void {
    this.#total++;
    if (!this.isFull) this.#kept.push(Object.freeze(issue));
  }

  /** Counts issues that nobody will read. */
  count(issues: number): void {
    this.#total += issues;
  }

  /** Takes over the issues of another list, each path below `prefix`. */
  addAll(list: IssueList, prefix = ''): void {
    const before = this.#total + list.total;
    for (const issue of list.#kept) this.add({ ...issue, path: joinPath(prefix, issue.path) });
    this.#total = before;
    this.cause ??= list.cause;
  }

  /** The same list in the order of the properties that `order` has; the issues of unknown ones come first. */
  sorted(order: ReadonlyMap<string, unknown>): this {
    if (this.#kept.length < 2) return this;
    const [first] = this.#kept;
    if (this.#kept.every(({ path }) => path === first?.path)) return this;
    const names = [...order.keys()];
    const position = (issue: Issue) => names.indexOf(issue.path.split('.', 1)[0] as string);
    this.#kept.sort((one, other) => position(one) - position(other));
    return this;
  }

  /** At most 10 issues and 3 KiB of JSON; where issues had to go, the last one says how many. */
  toInvalid(): Invalid {
    if (this.#total === this.#kept.length && fitSurely(this.#kept))
      return new Invalid(this.#kept, this.cause);
    const kept = fitting(this.#kept.map(cutIssue), this.#total);
    const missing = this.#total - kept.length;
    if (missing > 0) kept.push({ path: '', rule: TRUNCATED, message: `and ${missing} more` });
    return new Invalid(kept, this.cause);
  }
}

/** The issues of several checks together, as many as a client may see; `undefined` where every check passed. */
export function gatherIssues(results: readonly unknown[]): Invalid | undefined {
  // A terse check fails without an issue.
  if (!results.some(isInvalid)) return undefined;
  const failed = results.filter(isInvalid);
  const list = new IssueList();
  list.cause = failed.find(({ cause }) => cause !== undefined)?.cause;
  for (const issue of failed.flatMap(({ issues }) => issues)) {
    if (issue.rule === TRUNCATED) list.count(Number(/\d+/.exec(issue.message)));
    else list.add(issue);
  }
  return list.toInvalid();
}

function isInvalid(result: unknown): result is Invalid {
  return result instanceof Invalid;
}

export function joinPath(prefix: string, path: string): string {
  if (prefix === '') return path;
  return path === '' ? prefix : `${prefix}.${path}`;
}

/** Whether there is nothing to cut, told by the lengths alone: as JSON, a code unit takes at most six bytes. */
function fitSurely(issues: readonly Issue[]): boolean {
  let length = 0;
  for (const { path, rule, message } of issues) {
    if (path.length > LONGEST_PATH || rule.length > LONGEST_RULE || message.length > LONGEST_MESSAGE)
      return false;
    length += path.length + rule.length + message.length;
  }
  return 6 * length + FRAME_BYTES * issues.length <= MOST_BYTES;
}

function fitting(issues: readonly Issue[], total: number): Issue[] {
  const most = total > MOST_ISSUES ? MOST_ISSUES - 1 : MOST_ISSUES;
  let bytes = 2 + TRUNCATION_BYTES;
  const beyond = issues.findIndex(issue => {
    bytes += Buffer.byteLength(JSON.stringify(issue)) + 1;
    return bytes > MOST_BYTES;
  });
  return issues.slice(0, beyond === -1 ? most : Math.min(beyond, most));
}

function cutIssue({ path, rule, message }: Issue): Issue {
  return {
    path: cut(path, LONGEST_PATH),
    rule: cut(rule, LONGEST_RULE),
    message: cut(message, LONGEST_MESSAGE),
  };
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
