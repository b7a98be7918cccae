const EVERY = 50;

/** How the control client was served. */
export interface ControlReport {
  readonly echoes: number;
  /** How long each took, in milliseconds. */
  readonly times: readonly number[];
  /** What went wrong first; `null` while nothing did. */
  readonly failure: string | null;
}

/** A client that does nothing wrong, and must be echoed to whatever others do. */
export class Control {
  readonly #socket: WebSocket;
  readonly #echoWithin: number;
  #echoes = 0;
  readonly #times: number[] = [];
  #failure: string | null = null;
  #isStopped = false;
  #heard: (text: string) => void = () => {};

  private constructor(socket: WebSocket, echoWithin: number) {
    this.#socket = socket;
    this.#echoWithin = echoWithin;
    socket.addEventListener('message', ({ data }) => this.#heard(String(data)));
    socket.addEventListener('close', ({ code }) => this.#fail(`it was closed with ${code}`));
  }

  /** Connects, and sends twenty times a second until it is stopped. */
  static async start(port: number, echoWithin = 10_000): Promise<Control> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/control`);
    const control = new Control(socket, echoWithin);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', () => reject(new Error('the control client was refused')));
    });
    void control.#run();
    return control;
  }

  get report(): ControlReport {
    return { echoes: this.#echoes, times: this.#times, failure: this.#failure };
  }

  stop(): void {
    this.#isStopped = true;
    this.#socket.close();
  }

  async #run(): Promise<void> {
    while (!this.#isStopped && this.#failure === null) {
      await this.#echo(String(this.#echoes));
      await Bun.sleep(EVERY);
    }
  }

  async #echo(text: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<string | null>();
    this.#heard = resolve;
    const timer = setTimeout(() => resolve(null), this.#echoWithin);
    const sentAt = performance.now();
    this.#socket.send(text);
    const echo = await promise;
    clearTimeout(timer);
    this.#times.push(performance.now() - sentAt);
    if (echo === text) this.#echoes++;
    else this.#fail(`echo ${text} ${echo === null ? `took ${this.#echoWithin} ms` : `was "${echo}"`}`);
  }

  #fail(reason: string): void {
    if (!this.#isStopped) this.#failure ??= reason;
  }
}
