import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { greeting, type Join, readJoin, readMessage, refusal } from './checks.ts';
import { LOOPBACK, serve } from './serve.ts';

await serve({
  echo: () => listen(socket => socket.on('message', data => socket.send(data.toString()))),

  validated: () =>
    listen(socket =>
      socket.on('message', data => {
        const message = readMessage(JSON.parse(data.toString()));
        socket.send(Array.isArray(message) ? refusal(message) : JSON.stringify(message));
      }),
    ),

  upgrade: () => serveUpgrades(),

  broadcast: () =>
    listen((socket, server) =>
      socket.on('message', data => {
        const text = data.toString();
        for (const client of server.clients) client.send(text);
      }),
    ),
});

function listen(open: (socket: WebSocket, server: WebSocketServer) => void): Promise<number> {
  const server = new WebSocketServer({ host: LOOPBACK, port: 0 });
  server.on('connection', socket => open(socket, server));
  return new Promise(resolve => {
    server.on('listening', () => resolve((server.address() as AddressInfo).port));
  });
}

function serveUpgrades(): Promise<number> {
  const http = createServer();
  const server = new WebSocketServer({ noServer: true });
  http.on('upgrade', (request: IncomingMessage, socket, head) => {
    const join = readJoin(request.url ?? '');
    if (join === undefined)
      return socket.end('HTTP/1.1 422 Unprocessable Entity\r\nConnection: close\r\n\r\n');
    server.handleUpgrade(request, socket, head, connection => greet(connection, join));
  });
  return new Promise(resolve => {
    http.listen(0, LOOPBACK, () => resolve((http.address() as AddressInfo).port));
  });
}

function greet(socket: WebSocket, join: Join): void {
  socket.send(greeting(join));
}
