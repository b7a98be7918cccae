import { expect } from 'vitest';
import { Child, type Exit } from './child.ts';
import { Client, type ConnectOptions } from './client.ts';
import { until } from './deadline.ts';

/** One line of the log of a child. */
export type LogRecord = Record<string, unknown>;

/** How a child did while a spec ran. */
export interface Health {
  /** Connections that are live. */
  readonly live: number;
  /** `@OnOpen` and `@OnClose` calls of the whole run. */
  readonly opened: number;
  readonly closed: number;
  /** MiB, after a collection. */
  readonly memory: number;
  /** What the hooks of upgrades did. */
  readonly upgrades: Readonly<Record<'begun' | 'aborted' | 'ended' | 'afterwards', number>>;
  /** The longest time the event loop stood still since it was asked last, in milliseconds. */
  readonly stall: number;
}

interface Watched {
  readonly url: string;
  readonly control: Client;
  /** Twenty echoes a second are less than a rate limit lets pass. */
  readonly pace: number;
}

/**
 * A server in a process of its own, beside a client that is echoed to all the time: whatever a spec does to the
 * server, that client must not miss an echo, and the process must stay.
 *
 * The file serves what `watched-application.ts` does beside its own routes.
 */
export class WatchedServer implements AsyncDisposable {
  readonly url: string;
  /** The process. */
  readonly child: Child;
  readonly #control: Client;
  readonly #pace: number;
  #echoes = 0;
  #failure: unknown = null;
  #isStopped = false;
  #marks = 0;
  #readLines = 0;

  private constructor(child: Child, { url, control, pace }: Watched) {
    this.child = child;
    this.url = url;
    this.#control = control;
    this.#pace = pace;
    void this.#echo().catch(error => {
      this.#failure = error;
    });
  }

  /** `pace` is how many milliseconds the control client rests after an echo. */
  static async start(
    file: string,
    env: Readonly<Record<string, string>> = {},
    pace = 50,
  ): Promise<WatchedServer> {
    const child = Child.bun(file, env);
    const url = await child.value<string>('url');
    return new WatchedServer(child, { url, pace, control: await Client.connect(`${url}/echo`) });
  }

  get isRunning(): boolean {
    return this.child.isRunning;
  }

  /** How often the control client was echoed to. */
  get echoes(): number {
    return this.#echoes;
  }

  connect(path: string, options?: ConnectOptions): Promise<Client> {
    return Client.connect(this.url + path, options);
  }

  async health(): Promise<Health> {
    return (await (await fetch(`${this.url}/health`)).json()) as Health;
  }

  /**
   * Waits until only the control client is left, checks that it is still served and that every connection that was
   * opened was closed, and gives what was logged since the last time.
   */
  async settle(due = 0): Promise<readonly LogRecord[]> {
    const lines = [...(await this.logged())];
    await this.#isAlone();
    const deadline = performance.now() + 5000;
    while (lines.length < due && performance.now() < deadline) lines.push(...(await this.logged()));
    await this.#isServed();
    lines.push(...(await this.logged()));
    expect(this.child.isRunning, this.child.lines.slice(-12).join('\n')).toBe(true);
    return lines;
  }

  /** The log lines since the last call, debug ones excepted; a mark in the log says that all of them have arrived. */
  async logged(): Promise<readonly LogRecord[]> {
    const mark = String(++this.#marks);
    await fetch(`${this.url}/mark/${mark}`);
    const isMark = (record: LogRecord) => record.mark === mark;
    await until(() => this.child.records.some(isMark), 'the mark in the log');
    const { records } = this.child;
    const fresh = records.slice(this.#readLines);
    this.#readLines = records.length;
    return fresh.filter(record => 'level' in record && !('mark' in record) && record.level !== 'debug');
  }

  /** Lets the control client leave, asks the process to end, and says how it did. */
  async end(): Promise<Exit> {
    this.#isStopped = true;
    await this.#control.close();
    this.child.kill('SIGTERM');
    return this.child.exited();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true;
    await this.child[Symbol.asyncDispose]();
  }

  async #isAlone(): Promise<void> {
    const deadline = performance.now() + 5000;
    for (;;) {
      const { live, opened, closed } = await this.health();
      if (live === 1 && opened === closed + live) return;
      if (performance.now() > deadline) throw new Error(`${live} live of ${opened} opened, ${closed} closed`);
    }
  }

  /** Waits for echoes of now, not of before. */
  async #isServed(): Promise<void> {
    const due = this.#echoes + 2;
    await until(() => this.#failure !== null || this.#echoes >= due, 'the control client’s next echoes');
    expect(this.#failure).toBeNull();
  }

  async #echo(): Promise<void> {
    while (!this.#isStopped) {
      this.#control.send(String(this.#echoes));
      const echo = await this.#control.next(10_000);
      if (echo !== this.#echoes) throw new Error(`echo ${echo} instead of ${this.#echoes}`);
      this.#echoes++;
      await new Promise(resolve => setTimeout(resolve, this.#pace));
    }
  }
}
