import type { WireError } from '../errors.ts';

/** A frame that answers a request, with one value, one of many, the end of them, or an error. */
export interface Reply {
  readonly id: unknown;
  readonly data?: unknown;
  readonly next?: unknown;
  readonly done?: true;
  readonly error?: WireError;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

export function isReply(value: unknown): value is Reply {
  return isObject(value) && 'id' in value && !('event' in value);
}
