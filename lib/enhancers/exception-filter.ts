import type { ArgumentsHost } from './execution-context.ts';

/**
 * An exception filter: handles what is thrown at the upgrade, by a hook, a guard, a pipe or an interceptor. The
 * nearest one whose `@Catch()` fits is asked: of the method, the class, the module, then global ones.
 *
 * What it returns is sent instead of the default error frame, at the upgrade it may return a `Response`. `undefined`
 * means that it has sent what it wanted: then a message without an id gets no other answer, one with an id still gets
 * its error. A filter that throws the exception again leaves it to `@OnError()` and the default.
 */
export interface ExceptionFilter<Exception = unknown> {
  catch(exception: Exception, host: ArgumentsHost): unknown;
}

/**
 * The filter that does what is done without one, for filters of your own that add to it: its `catch()` throws the
 * exception again.
 */
export class BaseWsExceptionFilter<Exception = unknown> implements ExceptionFilter<Exception> {
  /** Throws the exception again. */
  catch(exception: Exception, _host: ArgumentsHost): unknown {
    throw exception;
  }
}
