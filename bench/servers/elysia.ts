import { Elysia, t } from 'elysia';
import { greeting } from './checks.ts';
import { LOOPBACK, serve, TOPIC } from './serve.ts';

const Room = t.String({ pattern: '^[a-z0-9-]{1,32}$' });
const Name = t.String({ minLength: 1, maxLength: 40 });

const MessageSchema = t.Object({
  message: t.String({ minLength: 1, maxLength: 500 }),
  room: Room,
  seq: t.Integer({ minimum: 0 }),
  tags: t.Array(t.String(), { maxItems: 8 }),
  author: t.Object({ uuid: t.String({ format: 'uuid' }), name: Name }),
});

const JoinSchema = t.Object({
  room: Room,
  name: Name,
  limit: t.Integer({ minimum: 1, maximum: 100 }),
});

await serve({
  echo: () => listen(new Elysia().ws('/', { message: (socket, text) => void socket.send(text) })),

  validated: () =>
    listen(new Elysia().ws('/', { body: MessageSchema, message: (socket, body) => void socket.send(body) })),

  upgrade: () =>
    listen(
      new Elysia().ws('/', {
        query: JoinSchema,
        open: socket => void socket.send(greeting(socket.data.query)),
      }),
    ),

  broadcast() {
    const app = new Elysia();
    app.ws('/', {
      open: socket => void socket.subscribe(TOPIC),
      message: (_socket, text) => void app.server?.publish(TOPIC, text as string),
    });
    return listen(app);
  },

  many(routes) {
    const app = new Elysia();
    for (let at = 0; at < routes; at++) {
      app.ws(`/r${at}`, { message: (socket, text) => void socket.send(text) });
    }
    return listen(app);
  },
});

function listen(app: {
  listen(options: object): unknown;
  server: { port?: number | undefined } | null;
}): number {
  app.listen({ hostname: LOOPBACK, port: 0 });
  return app.server?.port as number;
}
