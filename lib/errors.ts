/**
 * One complaint about a value: what a validator says of it, without the value itself.
 *
 * `path` is dotted, an array index is a segment (`items.0.name`), and it is empty for the whole value.
 * `rule` is class-validator's key (`isString`, `maxLength`), or `schema` for a Standard Schema.
 */
export interface Issue {
  readonly path: string;
  readonly rule: string;
  readonly message: string;
}

/** Where an issue keeps what was written of the last list that began with it; nobody who looks at the issue sees it. */
const WRITTEN = Symbol('written');

interface Written {
  issues: readonly Issue[];
  /** By what it was written for. */
  texts: Map<string, string>;
}

/** An issue that is told again and again: frozen, because the same object is given each time. */
export function sharedIssue(issue: Issue): Issue {
  const written: Written = { issues: [], texts: new Map() };
  return Object.freeze(Object.defineProperty({ ...issue }, WRITTEN, { value: written }));
}

/** The text that was kept of a list of issues for a purpose; `undefined` where there is none. */
export function writtenBefore(issues: readonly Issue[], purpose: string): string | undefined {
  const written = issues[0] && writtenOf(issues[0]);
  return written && areSame(written.issues, issues) ? written.texts.get(purpose) : undefined;
}

/** Keeps what was written of a list of issues where all of them are shared, because the same mistake is made again. */
export function keepWritten(issues: readonly Issue[], purpose: string, text: string): void {
  const written = issues[0] && writtenOf(issues[0]);
  if (written === undefined || !issues.every(writtenOf)) return;
  if (!areSame(written.issues, issues)) {
    written.issues = [...issues];
    written.texts = new Map();
  }
  written.texts.set(purpose, text);
}

function writtenOf(issue: Issue): Written | undefined {
  return (issue as { readonly [WRITTEN]?: Written })[WRITTEN];
}

function areSame(some: readonly Issue[], others: readonly Issue[]): boolean {
  if (some.length !== others.length) return false;
  for (let at = 0; at < some.length; at++) if (some[at] !== others[at]) return false;
  return true;
}

/** A value that failed its validation: returned, never thrown, because any client can cause it at will. */
export class Invalid {
  constructor(
    readonly issues: readonly Issue[],
    /** What a check threw instead of judging: the server's fault, for its log. */
    readonly cause?: unknown,
    /** Set where the value was too large to be looked at. */
    readonly code?: 'too_large',
  ) {}
}

/** What the application itself was about to send does not fit its `@Returns()` or `@Emits()`: the server's fault. */
export class OutgoingError extends Error {
  override readonly name = 'OutgoingError';

  constructor(
    what: string,
    readonly issues: readonly Issue[],
  ) {
    super(
      `${what}: ${issues.map(({ path, rule, message }) => `${path || 'value'} ${rule} (${message})`).join('; ')}`,
    );
  }
}

/** The codes of configuration mistakes. A code is never reused; `docs/errors.md` explains each. */
export const CONFIGURATION_CODES = [
  'GATEWIRE_CIRCULAR_DEPENDENCY',
  'GATEWIRE_DTO_NOT_COMPILED',
  'GATEWIRE_DUPLICATE_EVENT',
  'GATEWIRE_DUPLICATE_HOOK',
  'GATEWIRE_DUPLICATE_MESSAGE_HANDLER',
  'GATEWIRE_DUPLICATE_PATH',
  'GATEWIRE_INVALID_DTO',
  'GATEWIRE_INVALID_ENHANCER',
  'GATEWIRE_INVALID_EVENT',
  'GATEWIRE_INVALID_MODULE',
  'GATEWIRE_INVALID_PATH',
  'GATEWIRE_INVALID_PROVIDER',
  'GATEWIRE_MISPLACED_DECORATOR',
  'GATEWIRE_MISPLACED_PARAMETER',
  'GATEWIRE_MISSING_PACKAGE',
  'GATEWIRE_MISSING_PROVIDER',
  'GATEWIRE_MIXED_MESSAGE_HANDLERS',
  'GATEWIRE_NOT_A_CONTROLLER',
  'GATEWIRE_NO_TYPE_METADATA',
  'GATEWIRE_OPTION_CONFLICT',
  'GATEWIRE_OPTION_RANGE',
  'GATEWIRE_PROVIDER_FAILED',
  'GATEWIRE_SCOPE_MISMATCH',
  'GATEWIRE_STANDARD_DECORATORS',
  'GATEWIRE_TWO_BODIES',
  'GATEWIRE_UNDECORATED_DTO',
  'GATEWIRE_UNKNOWN_OPTION',
  'GATEWIRE_UNKNOWN_OVERRIDE',
  'GATEWIRE_UNKNOWN_PATH_PARAMETER',
  'GATEWIRE_UNSUPPORTED_RUNTIME',
  'GATEWIRE_UNTYPED_PARAMETER',
] as const;

/** Names a kind of configuration mistake for good: the texts may change, a code does not. */
export type ConfigurationCode = (typeof CONFIGURATION_CODES)[number];

/** One configuration mistake, in the order it is read: where, what, got, do this. */
export interface Mistake {
  readonly code: ConfigurationCode;
  /** Class, member and parameter as the user wrote them: `ChatController.onSay() parameter 0`. */
  readonly where: string;
  readonly what: string;
  /** What was found instead, when that helps. */
  readonly got?: string;
  /** What to do about it, as an imperative. */
  readonly fix: string;
}

/**
 * Thrown by `createApplication()` before anything listens, with every mistake that was found.
 *
 * Its message holds one line a mistake, `where: what (got …). Do this [CODE]`; `mistakes` holds the parts.
 */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  /** Every mistake that was found, each with its code and in parts. */
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[], options?: ErrorOptions) {
    super(describeMistakes(mistakes), options);
    this.mistakes = mistakes;
  }

  /** The code of the first mistake. */
  get code(): ConfigurationCode | undefined {
    return this.mistakes[0]?.code;
  }
}

function describeMistakes(mistakes: readonly Mistake[]): string {
  const lines = mistakes.map(describeMistake);
  if (lines.length === 1) return lines[0] as string;
  return `${lines.length} configuration mistakes\n${lines.map((line, at) => `  ${at + 1}. ${line}`).join('\n')}`;
}

function describeMistake({ code, where, what, got, fix }: Mistake): string {
  return `${where}: ${what}${got === undefined ? '' : ` (got ${got})`}. ${fix} [${code}]`;
}

/** The codes Gatewire itself puts on the wire; a user's `WsException` may add its own. */
export const WIRE_CODES = [
  'bad_frame',
  'unknown_event',
  'validation_failed',
  'unauthenticated',
  'forbidden',
  'rate_limited',
  'too_large',
  'overloaded',
  'timeout',
  'topic_limit',
  'internal',
  'not_found',
  'method_not_allowed',
  'upgrade_required',
  'bad_request',
  'origin_denied',
  'unavailable',
] as const;

/** A code that Gatewire itself answers a client with, in an error frame or a refused upgrade. */
export type WireCode = (typeof WIRE_CODES)[number];

/** The body of every error a client sees, in a frame or in the response to a refused upgrade. */
export interface WireError {
  readonly code: string;
  readonly message: string;
  readonly issues?: readonly Issue[];
  /** Milliseconds after which a client that is `rate_limited` may go on. */
  readonly retryAfterMs?: number;
}
