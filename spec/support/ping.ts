import type { Client } from './client.ts';

/** Waits until the server has read everything the client sent before: Bun answers pings by itself, in their order. */
export async function ping(client: Client): Promise<void> {
  const raw = client.socket as WebSocket & { ping(): void };
  const answered = new Promise(resolve =>
    client.socket.addEventListener('pong' as 'open', resolve, { once: true }),
  );
  raw.ping();
  await answered;
}
