import { WsException } from '../enhancers/ws-exception.ts';
import type { Invalid, WireError } from '../errors.ts';
import { TOO_LARGE, VALIDATION_FAILED } from './frames.ts';

/** A failed check on its way through interceptors: still the client's mistake, so no log line. */
export class FailedCheck extends WsException {
  readonly #isFailedCheck = true;

  /** Unlike `instanceof`, it runs nothing of what was thrown. */
  static is(thrown: unknown): thrown is FailedCheck {
    return typeof thrown === 'object' && thrown !== null && #isFailedCheck in thrown;
  }
}

/** What a client is told of a message whose check failed. */
export function invalidMessage({ issues, code }: Invalid): WireError {
  if (code !== undefined) return { code, message: TOO_LARGE };
  return { code: VALIDATION_FAILED.code, message: VALIDATION_FAILED.message, issues };
}
