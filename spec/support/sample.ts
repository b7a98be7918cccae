import { fileURLToPath } from 'node:url';
import { withDeadline } from '../support/deadline.ts';

/** A sample that runs in a process of its own. */
export interface Sample extends AsyncDisposable {
  /** Where it listens, as it printed: `http://localhost:41233`. */
  readonly url: string;
  /** Ends the process at once, as a crash would. */
  kill(): Promise<void>;
}

export interface SampleOptions {
  /** Default 0, any free one. */
  readonly port?: number;
  /** The folder to start it in, from the project's root; default the root itself. */
  readonly from?: string;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Starts `samples/<name>/main.ts` as a person does, and waits for the URL it prints. */
export async function startSample(name: string, options: SampleOptions = {}): Promise<Sample> {
  return startScript(`samples/${name}/main.ts`, options);
}

/** Starts a server of any file, and waits for the URL it prints. */
export async function startScript(
  path: string,
  { port = 0, from = '.' }: SampleOptions = {},
): Promise<Sample> {
  const child = Bun.spawn([process.execPath, ROOT + path], {
    cwd: ROOT + from,
    env: { ...process.env, PORT: String(port) },
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const kill = async () => {
    child.kill('SIGKILL');
    await child.exited;
  };
  try {
    const url = await withDeadline(printedUrl(child.stdout), 15_000, `${path} printed no URL`);
    return { url, kill, [Symbol.asyncDispose]: kill };
  } catch (error) {
    await kill();
    throw new Error(`${path} did not start: ${await new Response(child.stderr).text()}`, {
      cause: error,
    });
  }
}

/** Runs a script of a sample to its end and gives what it printed. */
export async function runScript(path: string, ...args: string[]): Promise<string> {
  const child = Bun.spawn([process.execPath, ROOT + path, ...args], {
    cwd: ROOT,
    stdout: 'pipe',
    stderr: 'inherit',
  });
  try {
    const output = new Response(child.stdout).text();
    const code = await withDeadline(child.exited, 10_000, `${path} did not end`);
    if (code !== 0) throw new Error(`${path} ended with ${code}: ${await output}`);
    return await output;
  } finally {
    child.kill('SIGKILL');
  }
}

async function printedUrl(stdout: ReadableStream<Uint8Array>): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of stdout) {
    text += decoder.decode(chunk, { stream: true });
    const url = /http:\/\/[^\s/]+/.exec(text)?.[0];
    if (url !== undefined) return url;
  }
  throw new Error(`it ended after printing ${JSON.stringify(text)}`);
}
