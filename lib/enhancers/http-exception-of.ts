import { HttpException } from './http-exception.ts';
import * as exceptions from './http-exceptions.ts';

type ExceptionClass = new (response: object, options: ErrorOptions) => HttpException;

const BY_STATUS: ReadonlyMap<number, ExceptionClass> = new Map(
  Object.values(exceptions).map(exception => [new exception().getStatus(), exception]),
);

/** The exception of a status, so that filters can catch it by its class; `HttpException` where none is named. */
export function httpExceptionOf(status: number, response: object, options: ErrorOptions = {}): HttpException {
  const Exception = BY_STATUS.get(status);
  return Exception ? new Exception(response, options) : new HttpException(response, status, options);
}
