const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
type ShutdownSignal = (typeof SIGNALS)[number];

/** The exit code a shell gives a process that such a signal ended. */
const EXIT_CODES: Record<ShutdownSignal, number> = { SIGINT: 130, SIGTERM: 143 };

/** SIGTERM and SIGINT, as an application takes them: the first one closes it, a second one ends the process. */
export class ShutdownSignals {
  readonly #close: (signal: ShutdownSignal) => Promise<void>;
  #isClosing = false;

  constructor(close: (signal: ShutdownSignal) => Promise<void>) {
    this.#close = close;
  }

  /** Takes signals from here on. */
  take(): void {
    for (const signal of SIGNALS) process.on(signal, this.#onSignal);
  }

  /** Leaves signals to others again. */
  release(): void {
    for (const signal of SIGNALS) process.off(signal, this.#onSignal);
  }

  readonly #onSignal = (signal: ShutdownSignal): void => {
    if (this.#isClosing) process.exit(EXIT_CODES[signal]);
    this.#isClosing = true;
    this.#close(signal).then(
      () => this.#end(signal, 0),
      () => this.#end(signal, 1),
    );
  };

  /** Ends the process, unless another application in it still closes, or the user listens too. */
  #end(signal: ShutdownSignal, code: number): void {
    this.release();
    if (process.listenerCount(signal) === 0) process.exit(process.exitCode ?? code);
  }
}
