import { Hono } from 'hono';
import { upgradeWebSocket, websocket } from 'hono/bun';
import { validator } from 'hono/validator';
import { greeting, readJoin, readMessage, refusal } from './checks.ts';
import { LOOPBACK, serve, TOPIC } from './serve.ts';

await serve({
  echo: () => listen(new Hono().get('/', echo())),

  validated: () =>
    listen(
      new Hono().get(
        '/',
        upgradeWebSocket(() => ({
          onMessage({ data }, socket) {
            const message = readMessage(JSON.parse(data as string));
            socket.send(Array.isArray(message) ? refusal(message) : JSON.stringify(message));
          },
        })),
      ),
    ),

  upgrade: () =>
    listen(
      new Hono().get(
        '/',
        validator(
          'query',
          (_query, context) => readJoin(context.req.url) ?? context.text('Invalid query', 422),
        ),
        upgradeWebSocket(context => {
          const join = context.req.valid('query' as never);
          return { onOpen: (_event, socket) => socket.send(greeting(join)) };
        }),
      ),
    ),

  broadcast() {
    const app = new Hono().get(
      '/',
      upgradeWebSocket(() => ({
        onOpen: (_event, socket) => void (socket.raw as Bun.ServerWebSocket).subscribe(TOPIC),
        onMessage: ({ data }) => void server.publish(TOPIC, data as string),
      })),
    );
    const server = Bun.serve({ hostname: LOOPBACK, port: 0, fetch: app.fetch, websocket });
    return server.port as number;
  },

  many(routes) {
    const app = new Hono();
    for (let at = 0; at < routes; at++) app.get(`/r${at}`, echo());
    return listen(app);
  },
});

function echo() {
  return upgradeWebSocket(() => ({ onMessage: ({ data }, socket) => socket.send(data as string) }));
}

function listen(app: Hono): number {
  return Bun.serve({ hostname: LOOPBACK, port: 0, fetch: app.fetch, websocket }).port as number;
}
