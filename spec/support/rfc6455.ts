import { OnClose, OnMessage, WebSocketRoute } from 'gatewire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Running, serve } from './application.ts';
import { until } from './deadline.ts';
import { closePayload, frame, OPCODES, RawClient, type ReceivedFrame } from './frames.ts';

/** What a client sends, as segments of TCP, and what an echoing server has to do about it. */
export interface Vector {
  readonly name: string;
  readonly sends: readonly Buffer[];
  /** The frames that come back, in order; after the last one the connection is open or closed. */
  readonly gets: readonly Expected[];
}

/** A frame of the server in short: its kind, and its payload as hexadecimal, or the code of a close. */
export type Expected = string;

export const text = (payload: string | Uint8Array) => frame({ opcode: OPCODES.text, payload });
export const binary = (payload: string | Uint8Array) => frame({ opcode: OPCODES.binary, payload });
export const ping = (payload: string | Uint8Array) => frame({ opcode: OPCODES.ping, payload });
export const pong = (payload: string | Uint8Array) => frame({ opcode: OPCODES.pong, payload });
export const close = (...parts: Parameters<typeof closePayload>) =>
  frame({ opcode: OPCODES.close, payload: closePayload(...parts) });

/** A message as several frames, each with its part of the payload. */
export function fragments(opcode: number, ...parts: (string | Uint8Array)[]): Buffer[] {
  return parts.map((payload, at) =>
    frame({ opcode: at === 0 ? opcode : OPCODES.continuation, payload, isFinal: at === parts.length - 1 }),
  );
}

export const bytes = (...values: number[]) => Uint8Array.from(values);

/** The server sends this frame, whole. */
export function got(kind: 'text' | 'binary' | 'pong', payload: string | Uint8Array): Expected {
  return `${kind} ${digest(Buffer.from(payload as Uint8Array))}`;
}

/** The server ends the connection with this code; 1005 is a close frame without one. */
export function closed(code: number, reason = ''): Expected {
  return `close ${code} ${reason}`.trimEnd();
}

/** The server fails the connection with this code; the reason is its own affair. */
export function failed(code: number): Expected {
  return `close ${code} …`;
}

/** What both echo servers have to let through. */
const LARGEST = 1024 * 1024;
/** Sent after each vector: its pong says that the connection has survived. */
const PROBE = 'still there?';
const STILL_OPEN = got('pong', PROBE);

const ends: { code: number; reason: string }[] = [];

@WebSocketRoute('/echo', { maxPayloadLength: LARGEST })
class EchoController {
  @OnMessage()
  text(payload: string) {
    return payload;
  }

  @OnMessage()
  binary(payload: Uint8Array) {
    return payload;
  }

  @OnClose()
  closed(code: number, reason: string) {
    ends.push({ code, reason });
  }
}

/** Specs of vectors: each has the verdict of the RFC, and a bare `Bun.serve` gives the same. */
export function describeVectors(title: string, vectors: readonly Vector[]): void {
  let running: Running;
  let bare: Bun.Server<undefined>;

  beforeAll(async () => {
    running = await serve([EchoController]);
    bare = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      fetch: (request, server) => (server.upgrade(request) ? undefined : new Response('no upgrade')),
      websocket: {
        maxPayloadLength: LARGEST,
        message(socket, data) {
          socket.send(data);
        },
      },
    });
  });
  afterAll(async () => {
    await running[Symbol.asyncDispose]();
    await bare.stop(true);
  });

  describe(title, () => {
    it.each(vectors)('$name', async ({ sends, gets }) => {
      const before = ends.length;
      const verdict = await exchange(`${running.url}/echo`, sends);
      expect(verdict.map(hideReasonOf(gets))).toEqual(gets);
      expect(await exchange(`http://127.0.0.1:${bare.port}/`, sends)).toEqual(verdict);
      const end = verdict.at(-1);
      if (end === undefined || !end.startsWith('close')) return;
      await until(() => ends.length > before, '@OnClose()');
      const { code, reason } = ends[before] ?? { code: 0, reason: '' };
      expect(closed(code, reason)).toBe(end);
    });
  });
}

/** Sends segments and a probe, and gives the frames that come back until the probe's pong or the end. */
async function exchange(url: string, sends: readonly Buffer[]): Promise<Expected[]> {
  await using client = await RawClient.connect(url);
  client.socket.setNoDelay(true);
  for (const segment of sends) {
    client.write(segment);
    // Lets the segment leave alone, as far as the network wants it so.
    await new Promise(resolve => setImmediate(resolve));
  }
  client.write(ping(PROBE));
  const isOver = () => client.isEnded || client.frames.some(each => inShort(each) === STILL_OPEN);
  await until(isOver, 'neither a pong nor an end');
  const received = client.frames.map(inShort).filter(each => each !== STILL_OPEN);
  return client.isEnded && !received.some(each => each.startsWith('close'))
    ? [...received, closed(1006)]
    : received;
}

const FIRST_BYTES: Readonly<Record<number, string>> = {
  129: 'text',
  130: 'binary',
  138: 'pong',
  137: 'ping',
};

function inShort({ first, payload }: ReceivedFrame): Expected {
  if (first !== 0x88) return `${FIRST_BYTES[first] ?? `0x${first.toString(16)}`} ${digest(payload)}`;
  if (payload.length === 0) return closed(1005);
  return closed(payload.readUInt16BE(0), payload.subarray(2).toString());
}

/** A long payload by its hash, so that a failure can be read. */
function digest(payload: Buffer): string {
  return payload.length <= 64 ? payload.toString('hex') : `${payload.length} bytes ${Bun.hash(payload)}`;
}

function hideReasonOf(gets: readonly Expected[]): (frame: Expected, at: number) => Expected {
  return (each, at) => {
    const hidden = each.split(' ', 2).join(' ');
    return gets[at] === `${hidden} …` ? `${hidden} …` : each;
  };
}
