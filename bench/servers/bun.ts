import { serveBun, serveUpgrades } from './bun-serve.ts';
import { greeting, type Join, readJoin, readMessage, refusal } from './checks.ts';
import { LOOPBACK, serve, TOPIC } from './serve.ts';

await serve({
  echo: () => serveBun({ message: (socket, text) => void socket.sendText(text as string) }),

  validated: () =>
    serveBun({
      message(socket, text) {
        const message = readMessage(JSON.parse(text as string));
        socket.sendText(Array.isArray(message) ? refusal(message) : JSON.stringify(message));
      },
    }),

  upgrade: () =>
    serveUpgrades<Join>(request => readJoin(request.url), {
      open: socket => void socket.sendText(greeting(socket.data)),
      message() {},
    }),

  broadcast() {
    const server = Bun.serve({
      hostname: LOOPBACK,
      port: 0,
      fetch: (request, server) => (server.upgrade(request) ? undefined : new Response(null, { status: 426 })),
      websocket: {
        open: socket => void socket.subscribe(TOPIC),
        message: (_socket, text) => void server.publish(TOPIC, text as string),
      },
    });
    return { port: server.port as number, registered: () => server.pendingWebSockets };
  },

  many(routes) {
    type Echo = (text: string) => string;
    const echoes = new Map(Array.from({ length: routes }, (_, at) => [`/r${at}`, (text: string) => text]));
    return serveUpgrades<Echo>(request => echoes.get(new URL(request.url).pathname), {
      message: (socket, text) => void socket.sendText(socket.data(text as string)),
    });
  },
});
