import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const STOP_WITHIN = 3_000;

/** A process of ours that answers each line of its stdin with a line of JSON, one at a time. */
export class Child {
  readonly #name: string;
  readonly #process: ChildProcessWithoutNullStreams;
  #answered = Promise.withResolvers<string>();

  /** The root is the working directory: Bun reads the tsconfig.json of no other. */
  constructor(name: string, [program, ...args]: readonly [string, ...string[]], root: string) {
    this.#name = name;
    this.#process = spawn(program, args, {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['pipe', 'pipe', 'inherit'],
    }) as unknown as ChildProcessWithoutNullStreams;
    const lines = createInterface({ input: this.#process.stdout });
    lines.on('line', line => this.#answered.resolve(line));
    this.#process.on('exit', code => this.#answered.reject(new Error(`${name} ended with ${code}`)));
    this.#process.on('error', error => this.#answered.reject(error));
    // Writing to a process that ended says so by its exit.
    this.#process.stdin.on('error', () => {});
    this.#answered.promise.catch(() => {});
  }

  /** Writes a line and gives the answer; fails after so many ms. */
  async ask(line: string, deadline: number): Promise<unknown> {
    this.#answered = Promise.withResolvers();
    if (this.#process.exitCode !== null) throw new Error(`${this.#name} has ended`);
    this.#process.stdin.write(`${line}\n`);
    return this.next(deadline);
  }

  /** The next line, which nobody asked for. */
  async next(deadline: number): Promise<unknown> {
    const timer = setTimeout(
      () => this.#answered.reject(new Error(`${this.#name} did not answer within ${deadline} ms`)),
      deadline,
    );
    try {
      return JSON.parse(await this.#answered.promise);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends it: by the end of its stdin, and by force where that does not help. */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.stdin.end();
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), STOP_WITHIN);
    await exited;
    clearTimeout(timer);
  }
}
