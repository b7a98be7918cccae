import { connect, type Socket } from 'node:net';
import { withDeadline } from './deadline.ts';

/** The answer to a raw request. */
export interface RawResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
  /** The body as JSON. */
  json(): Record<string, unknown>;
}

const UPGRADE: Record<string, string> = {
  Upgrade: 'websocket',
  Connection: 'Upgrade',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

export interface RawRequest {
  readonly method?: string;
  /** Headers over those of a proper upgrade; `null` leaves one out. */
  readonly headers?: Record<string, string | null>;
}

/** Sends an upgrade request over bare TCP and reads the answer, whatever it is. */
export async function rawUpgrade(url: string, request: RawRequest = {}): Promise<RawResponse> {
  const { socket, response } = await openRaw(url, request);
  socket.destroy();
  return response;
}

/** As `rawUpgrade`, but leaves the socket open for frames. */
export async function openRaw(url: string, { method = 'GET', headers = {} }: RawRequest = {}) {
  const { hostname, port, host } = new URL(url);
  const path = url.slice(url.indexOf('/', url.indexOf('//') + 2));
  const socket = connect(Number(port), hostname);
  const sent = Object.entries({ Host: host, ...UPGRADE, ...headers })
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`${method} ${path} HTTP/1.1\r\n${sent.join('')}\r\n`);
  const response = await withDeadline(readResponse(socket), 5000, `${url} did not answer`);
  return { socket, response };
}

async function readResponse(socket: Socket): Promise<RawResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<RawResponse>();
  let text = '';
  socket.on('data', chunk => {
    text += chunk.toString('latin1');
    const response = parse(text);
    if (response !== undefined) resolve(response);
  });
  socket.on('error', reject);
  socket.on('close', () => reject(new Error(`the server hung up after ${JSON.stringify(text)}`)));
  return promise;
}

function parse(text: string): RawResponse | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const [start = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const at = line.indexOf(':');
    const name = line.slice(0, at).toLowerCase();
    const value = line.slice(at + 1).trim();
    headers[name] = name in headers ? `${headers[name]}\n${value}` : value;
  }
  const body = text.slice(end + 4);
  if (body.length < Number(headers['content-length'] ?? 0)) return undefined;
  return { status: Number(start.split(' ')[1]), headers, body, json: () => JSON.parse(body) };
}
