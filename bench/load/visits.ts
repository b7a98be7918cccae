import { Client } from './client.ts';
import { clientClose, clientText, readFrame } from './frames.ts';

/** One short connection: upgrade, maybe a message, one reply, close. */
export interface Visit {
  readonly path: string;
  /** What is sent after the upgrade; `null` where the server speaks first. */
  readonly send: string | null;
  readonly reply: string;
}

const TEXT = 1;
const CLOSE = 8;

/** Makes visits, so many at a time, and gives how many; rejects at the first wrong reply. */
export async function makeVisits(
  port: number,
  visits: readonly Visit[],
  { count, concurrency }: { readonly count: number; readonly concurrency: number },
): Promise<number> {
  let next = 0;
  const visitor = async () => {
    while (next < count) await visit(port, visits[next++ % visits.length] as Visit);
  };
  await Promise.all(Array.from({ length: concurrency }, visitor));
  return count;
}

/** Connects, gets the reply, closes in order, and ends when the TCP connection has ended. */
async function visit(port: number, { path, send, reply }: Visit): Promise<void> {
  const ended = Promise.withResolvers<void>();
  let read = Buffer.alloc(0);
  let isAnswered = false;
  let client: Client | null = null;
  const advance = (opened: Client) => {
    const frame = readFrame(read);
    if (frame === undefined) return;
    if (frame.opcode === CLOSE && isAnswered) return opened.end();
    if (isAnswered || frame.opcode !== TEXT || frame.text !== reply) {
      return ended.reject(
        new Error(`a wrong reply to ${path}: ${JSON.stringify(frame)} instead of ${reply}`),
      );
    }
    isAnswered = true;
    read = Buffer.alloc(0);
    opened.write(clientClose);
  };
  const reader = {
    bytes(bytes: Buffer) {
      read = Buffer.concat([read, bytes]);
      if (client !== null) advance(client);
    },
    ended: () => (isAnswered ? ended.resolve() : ended.reject(new Error(`the server hung up on ${path}`))),
  };
  client = await Client.open({ port, path }, reader);
  if (send !== null) client.write(clientText(send));
  advance(client);
  await ended.promise;
}
