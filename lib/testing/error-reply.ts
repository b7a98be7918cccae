import type { Issue, WireError } from '../errors.ts';

/** The error that the server replied to a `request()` or `stream()` with. */
export class ErrorReply extends Error {
  override readonly name = 'ErrorReply';
  /** `validation_failed`, `forbidden`, or what a `WsException` said. */
  readonly code: string;
  /** What a validation found, each with path and rule. */
  readonly issues: readonly Issue[] | undefined;

  /** @internal */
  constructor(
    readonly event: string,
    error: WireError,
  ) {
    super(`"${event}" was answered with ${error.code}: ${describe(error)}`);
    this.code = error.code;
    this.issues = error.issues;
  }
}

function describe({ message, issues = [] }: WireError): string {
  const list = issues.map(({ path, rule }) => `${path || 'value'} ${rule}`).join(', ');
  return list === '' ? message : `${message} (${list})`;
}
