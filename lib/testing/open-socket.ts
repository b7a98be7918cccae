import type { IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { WebSocket } from 'ws';
import { timerDelay } from '../connection/timeout.ts';
import type { ConnectOptions } from './connect-options.ts';
import { UpgradeRefused } from './upgrade-refused.ts';

/** An HTTP response to an upgrade. */
interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

// Those of the runtime: a test may put fake ones in their place while the sockets stay real.
const { setTimeout, clearTimeout, setImmediate } = globalThis;

/**
 * A WebSocket that is opening. Bun's own `ws` shows the answer to a refused upgrade, which the global
 * `WebSocket` hides; required, it is Bun's also where a bundler or vitest would resolve the package from npm.
 */
export function createSocket(url: string, { headers = {}, protocols = [] }: ConnectOptions): WebSocket {
  const { WebSocket } = createRequire(import.meta.url)('ws') as typeof import('ws');
  return new WebSocket(url.replace(/^http/, 'ws'), [...protocols], { headers });
}

/**
 * Waits for the answer to the upgrade, and gives the headers of a 101 once the socket is open.
 *
 * @throws UpgradeRefused when the answer is another one, Error when there is none within `timeout` milliseconds
 */
export async function opened(socket: WebSocket, path: string, timeout: number): Promise<Headers> {
  const outcome = await outcomeOf(socket, path, timeout);
  // Thrown here and not where it was noticed, its stack leads to the line of the test that connects.
  if (typeof outcome === 'string') throw new Error(outcome);
  const { status, headers, text } = outcome;
  if (status !== 101) throw new UpgradeRefused(path, status, { headers, text });
  // Bun hands over what came with the 101 in a task of its own, and runs none while an `expect().rejects` waits.
  await new Promise(resolve => setImmediate(resolve));
  return headers;
}

/** What the server answered, or why it did not. */
async function outcomeOf(socket: WebSocket, path: string, timeout: number): Promise<Answer | string> {
  const { promise, resolve } = Promise.withResolvers<Answer | string>();
  const failed = ({ message }: Error) => resolve(`the upgrade of ${path} failed: ${message}`);
  let headers = new Headers();
  socket.on('upgrade', response => {
    headers = headersOf(response);
  });
  socket.on('open', () => resolve({ status: 101, headers, text: '' }));
  socket.on('unexpected-response', (request, response) => {
    read(response)
      .then(resolve, failed)
      .finally(() => request.destroy());
  });
  // After the opening a close follows, which says all there is to say.
  socket.on('error', failed);
  const timer = setTimeout(() => {
    resolve(`waited ${timeout} ms for the answer to the upgrade of ${path}`);
    socket.terminate();
  }, timerDelay(timeout));
  return promise.finally(() => clearTimeout(timer));
}

async function read(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  return { status: response.statusCode ?? 0, headers: headersOf(response), text };
}

function headersOf({ headers }: IncomingMessage): Headers {
  const all = Object.entries(headers).flatMap(([name, value = []]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  );
  return new Headers(all);
}
