import type { Issue, WireError } from '../errors.ts';
import { HttpException } from './http-exception.ts';
import { issuesOfErrors } from './validation-errors.ts';
import { WsException } from './ws-exception.ts';

/** What a client is told of an error, and whether the error was meant for it. */
export interface DescribedError {
  readonly status: number;
  readonly error: WireError;
  /** `false` for the server's own faults, whose text stays here. */
  readonly isExpected: boolean;
}

/** The code of an HTTP status that carries none of its own. */
const CODES: Readonly<Record<number, string>> = {
  400: 'bad_request',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'timeout',
  409: 'conflict',
  410: 'gone',
  413: 'too_large',
  422: 'validation_failed',
  426: 'upgrade_required',
  429: 'rate_limited',
  503: 'unavailable',
  504: 'timeout',
};

const STATUS: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(CODES).map(([status, code]) => [code, Number(status)]),
);

const INTERNAL: DescribedError = {
  status: 500,
  error: { code: 'internal', message: 'Internal server error' },
  isExpected: false,
};

/**
 * What a client is told of whatever was thrown: an `HttpException` and a `WsException` say it themselves
 * (NestJS's own too), anything else is `internal`.
 */
export function describeError(thrown: unknown): DescribedError {
  try {
    if (isHttpException(thrown)) return fromHttp(thrown);
    if (isWsException(thrown)) return fromWs(thrown);
  } catch {
    // A getter of what was thrown threw: such an error has nothing to say to a client.
  }
  return INTERNAL;
}

/** Told by shape, so that an exception of `@nestjs/common` or of another copy of Gatewire counts. */
function isHttpException(
  thrown: unknown,
): thrown is Pick<HttpException, 'getStatus' | 'getResponse' | 'message'> {
  return (
    thrown instanceof HttpException || (hasMethod(thrown, 'getStatus') && hasMethod(thrown, 'getResponse'))
  );
}

function isWsException(thrown: unknown): thrown is Pick<WsException, 'getError' | 'message'> {
  return thrown instanceof WsException || hasMethod(thrown, 'getError');
}

function hasMethod(thrown: unknown, name: string): boolean {
  return (
    thrown instanceof Error && typeof (thrown as unknown as Record<string, unknown>)[name] === 'function'
  );
}

function fromHttp(thrown: Pick<HttpException, 'getStatus' | 'getResponse' | 'message'>): DescribedError {
  const status: unknown = thrown.getStatus();
  if (!isStatus(status)) return INTERNAL;
  const { code, message, issues } = partsOf(thrown.getResponse());
  const fallback = CODES[status] ?? (status >= 500 ? 'internal' : 'bad_request');
  return {
    status,
    error: wireError(code ?? fallback, message ?? thrown.message, issues),
    isExpected: status < 500,
  };
}

/** What a `Response` can have; the shape alone makes an exception, whose status may be anything. */
function isStatus(status: unknown): status is number {
  return Number.isInteger(status) && (status as number) >= 200 && (status as number) <= 599;
}

function fromWs(thrown: Pick<WsException, 'getError' | 'message'>): DescribedError {
  const { code, message, issues } = partsOf(thrown.getError());
  const own = (thrown as { code?: unknown }).code;
  const isOwn = typeof own === 'string' && own !== 'error';
  const said = isOwn ? own : (code ?? 'error');
  return {
    status: STATUS[said] ?? 400,
    error: wireError(said, message ?? thrown.message, issues),
    isExpected: true,
  };
}

interface Parts {
  readonly code?: string;
  readonly message?: string;
  readonly issues?: readonly Issue[];
}

function partsOf(said: unknown): Parts {
  if (typeof said === 'string') return { message: said };
  if (Array.isArray(said)) return partsOfList(said);
  const { code, message, issues } = said as Record<string, unknown>;
  if (Array.isArray(message))
    return { ...partsOfList(message), ...(typeof code === 'string' ? { code } : {}) };
  return {
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof message === 'string' ? { message } : {}),
    ...(Array.isArray(issues) ? { issues: issues as Issue[] } : {}),
  };
}

/** What NestJS's exceptions hold for a failed validation: class-validator's errors, or their texts. */
function partsOfList(list: readonly unknown[]): Parts {
  const issues = issuesOfErrors(list);
  if (issues !== undefined) return { code: 'validation_failed', message: 'Validation failed', issues };
  return list.length > 0 && list.every(text => typeof text === 'string')
    ? { message: list.slice(0, 10).join(', ') }
    : {};
}

function wireError(code: string, message: string, issues: readonly Issue[] | undefined): WireError {
  return issues === undefined ? { code, message } : { code, message, issues };
}
