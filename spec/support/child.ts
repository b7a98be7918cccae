import { existsSync, realpathSync } from 'node:fs';
import { basename, delimiter, isAbsolute, join } from 'node:path';
import { until, withDeadline } from './deadline.ts';

/** How a process ended: with its own exit code, or by a signal. */
export interface Exit {
  readonly code: number;
  readonly signal: NodeJS.Signals | null;
}

const ROOT = new URL('../..', import.meta.url).pathname;

/** A child process that writes lines, ended with the spec that started it. */
export class Child implements AsyncDisposable {
  /** Everything it wrote so far, stdout and stderr, a line each. */
  readonly lines: string[] = [];
  readonly #process: Bun.ReadableSubprocess;
  readonly #output: Promise<unknown>;

  private constructor(command: readonly string[], env: Readonly<Record<string, string>>) {
    this.#process = Bun.spawn([...command], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdout: 'pipe',
      stderr: 'pipe',
    });
    this.#output = Promise.all([this.#read(this.#process.stdout), this.#read(this.#process.stderr)]);
  }

  /** Runs a file of `spec/support`, or one by its absolute path, under Bun. */
  static bun(file: string, env: Readonly<Record<string, string>> = {}): Child {
    return new Child([process.execPath, isAbsolute(file) ? file : `spec/support/${file}`], env);
  }

  /** Runs a file of `spec/support` under Node. */
  static node(file: string, env: Readonly<Record<string, string>> = {}): Child {
    return new Child([nodePath(), `spec/support/${file}`], env);
  }

  get pid(): number {
    return this.#process.pid;
  }

  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** The lines that are JSON objects, parsed. */
  get records(): readonly Record<string, unknown>[] {
    return this.lines.filter(line => line.startsWith('{')).map(line => JSON.parse(line));
  }

  /** Waits for the first JSON line that has this key, and gives its value. */
  async value<Value>(key: string, timeout = 10_000): Promise<Value> {
    const find = () => this.records.find(record => key in record);
    try {
      await until(() => find() !== undefined || !this.isRunning, `no "${key}"`, timeout);
    } catch (error) {
      throw new Error(`${(error as Error).message}, but\n${this.lines.join('\n')}`);
    }
    const record = find();
    if (record === undefined) throw new Error(`the child ended without "${key}"\n${this.lines.join('\n')}`);
    return record[key] as Value;
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Waits for its end and for the last of its lines. */
  async exited(timeout = 10_000): Promise<Exit> {
    const code = await withDeadline(this.#process.exited, timeout, 'the child did not end');
    await this.#output;
    return { code, signal: this.#process.signalCode as NodeJS.Signals | null };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.isRunning) this.#process.kill('SIGKILL');
    await this.exited();
  }

  async #read(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of stream) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      this.lines.push(...lines);
    }
    if (rest !== '') this.lines.push(rest);
  }
}

/** The real Node: `bun --bun` puts itself in front of the PATH under that name. */
function nodePath(): string {
  const candidates = (process.env.PATH ?? '').split(delimiter).map(folder => join(folder, 'node'));
  // `bun --bun` puts a `node` that is Bun before the real one; it may be that of another checkout.
  const found = candidates.find(path => existsSync(path) && !basename(realpathSync(path)).startsWith('bun'));
  if (found === undefined) throw new Error('these specs need Node in the PATH');
  return found;
}
