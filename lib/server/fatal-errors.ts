import type { CompleteLogger } from '../observability/logger.ts';
import { isGuarded } from './guard-listeners.ts';

/** The event of `process` that an error came by. */
export type FatalOrigin = 'uncaughtException' | 'unhandledRejection';

/** What becomes of the process: it ends with code 1 once the application is closed, or it goes on. */
export type FatalOutcome = 'exit' | 'log';

/** Is told of an error that nobody caught, and may let the process go on with `'log'` or a promise of it. */
export type FatalHandler = (error: unknown, origin: FatalOrigin) => unknown;

/** What is done about errors that nobody caught; `false` leaves them to the process. */
export type OnFatal = FatalOutcome | FatalHandler | false;

/** What `FatalErrors` acts with. */
export interface FatalErrorsParts {
  /** `undefined` is `'exit'`, unless the program listens for such errors itself. */
  readonly onFatal: OnFatal | undefined;
  readonly logger: CompleteLogger;
  readonly close: () => Promise<void>;
}

const NAMES: Readonly<Record<FatalOrigin, string>> = {
  uncaughtException: 'an uncaught exception',
  unhandledRejection: 'an unhandled rejection',
};
const ORIGINS = Object.keys(NAMES) as FatalOrigin[];

/** Tells our listeners from those of the program, also where the package is there twice. */
const OURS = Symbol.for('gatewire.fatal-errors');

/** Milliseconds that the end of the process may take: a shutdown hook may never end, and nobody else watches over it. */
const LONGEST_END = 30_000;

/**
 * What escapes the user's own timers and promises, where no hook of ours can catch it. After it nobody knows what
 * state the program is in, so unless `onFatal` says otherwise the application closes and the process ends.
 */
export class FatalErrors {
  readonly #parts: FatalErrorsParts;
  readonly #listeners = ORIGINS.map(origin => {
    const listener = (error: unknown) => void this.#take(error, origin);
    return [origin, Object.assign(listener, { [OURS]: true })] as const;
  });
  #isEnding = false;

  constructor(parts: FatalErrorsParts) {
    this.#parts = parts;
  }

  /** Takes such errors from here on. */
  take(): void {
    if (this.#parts.onFatal === false) return;
    for (const [origin, listener] of this.#listeners) process.on(origin, listener);
  }

  /** Leaves them to others again. */
  release(): void {
    for (const [origin, listener] of this.#listeners) process.off(origin, listener);
  }

  /** It never rejects: that would be the next such error. */
  async #take(error: unknown, origin: FatalOrigin): Promise<void> {
    if (origin === 'uncaughtException' && isGuarded()) return;
    const { onFatal, logger } = this.#parts;
    const facts = { origin, error };
    if (this.#isEnding) {
      logger.fatal(facts, `${NAMES[origin]} on the way to the end: the process ends at once`);
      process.exit(1);
    }
    if (onFatal === undefined && isTakenByProgram(origin)) {
      return logger.error(facts, `${NAMES[origin]} is left to the program's own listener`);
    }
    if (onFatal === 'log') return logger.error(facts, NAMES[origin]);
    if (typeof onFatal !== 'function') {
      logger.fatal(facts, `${NAMES[origin]} ends the process`);
      return this.#end();
    }
    logger.fatal(facts, NAMES[origin]);
    // An answer that never comes is no 'log'.
    const waiting = setTimeout(() => void this.#end(), LONGEST_END);
    const outcome = await this.#ask(onFatal, error, origin);
    clearTimeout(waiting);
    if (outcome !== 'log') await this.#end();
  }

  async #ask(handler: FatalHandler, error: unknown, origin: FatalOrigin): Promise<unknown> {
    try {
      return await handler(error, origin);
    } catch (second) {
      this.#parts.logger.error({ error: second }, 'onFatal failed');
      return 'exit';
    }
  }

  /** Closes, then ends the process, unless another application in it has still to close. */
  async #end(): Promise<void> {
    if (this.#isEnding) return;
    this.#isEnding = true;
    // Also for whoever else ends the process meanwhile, a signal for example.
    process.exitCode = 1;
    setTimeout(() => process.exit(1), LONGEST_END).unref();
    await this.#parts.close().catch(error => this.#parts.logger.error({ error }, 'the close failed'));
    this.release();
    if (!process.listeners('uncaughtException').some(isOurs)) process.exit(1);
  }
}

/** Whether the program listens itself. As in Node, a rejection is also for those who listen for exceptions. */
function isTakenByProgram(origin: FatalOrigin): boolean {
  const listeners = [...process.listeners(origin), ...process.listeners('uncaughtException')];
  return listeners.some(listener => !isOurs(listener));
}

function isOurs(listener: object): boolean {
  return OURS in listener;
}
