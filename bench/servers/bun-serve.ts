import type { WebSocketHandler } from 'bun';
import { LOOPBACK } from './serve.ts';

/** A bare Bun server with one websocket, which judges nothing. */
export function serveBun(websocket: WebSocketHandler<undefined>): number {
  return listen({
    fetch: (request, server) => (server.upgrade(request) ? undefined : new Response(null, { status: 426 })),
    websocket,
  });
}

/** The same, with what an upgrade request makes of itself as the data; it is refused for `undefined`. */
export function serveUpgrades<Data>(
  read: (request: Request) => Data | undefined,
  websocket: WebSocketHandler<Data>,
): number {
  return listen<Data>({
    fetch(request, server) {
      const data = read(request);
      if (data === undefined) return new Response('Invalid query', { status: 422 });
      // Bun's type wants no data at all where `Data` may be undefined.
      return server.upgrade(request, { data } as never) ? undefined : new Response(null, { status: 426 });
    },
    websocket,
  });
}

interface Served<Data> {
  readonly fetch: (request: Request, server: Bun.Server<Data>) => Response | undefined;
  readonly websocket: WebSocketHandler<Data>;
}

function listen<Data>({ fetch, websocket }: Served<Data>): number {
  return Bun.serve<Data>({ hostname: LOOPBACK, port: 0, fetch, websocket }).port as number;
}
