import 'reflect-metadata';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Module, type Type, UsePipes, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { WsAdapter } from '@nestjs/platform-ws';
import {
  MessageBody,
  type OnGatewayConnection,
  SubscribeMessage,
  WebSocketGateway,
  WebSocketServer,
  WsException,
} from '@nestjs/websockets';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import type { WebSocket } from 'ws';
import { greeting } from './checks.ts';
import { JoinDto, MessageDto } from './dto.ts';
import { LOOPBACK, serve } from './serve.ts';

@WebSocketGateway()
class EchoGateway {
  @SubscribeMessage('echo')
  echo(@MessageBody() data: string) {
    return { event: 'echo', data };
  }
}

@WebSocketGateway()
@UsePipes(
  new ValidationPipe({
    whitelist: true,
    transform: true,
    exceptionFactory: errors => new WsException({ code: 'validation_failed', issues: errors }),
    validationError: { target: false, value: false },
  }),
)
class MessageGateway {
  @SubscribeMessage('say')
  say(@MessageBody() data: MessageDto) {
    return { event: 'say', data };
  }
}

/** Nest has no step before the handshake that a DTO could check, so this checks right after it. */
@WebSocketGateway()
class JoinGateway implements OnGatewayConnection {
  handleConnection(socket: WebSocket, request: IncomingMessage) {
    const query = new URLSearchParams(request.url?.slice(request.url.indexOf('?') + 1));
    const join = plainToInstance(JoinDto, Object.fromEntries(query));
    if (validateSync(join, { whitelist: true }).length > 0) return socket.close(4422, 'Invalid query');
    socket.send(greeting(join));
  }
}

@WebSocketGateway()
class BroadcastGateway {
  @WebSocketServer() readonly server!: { readonly clients: Iterable<WebSocket> };

  @SubscribeMessage('say')
  say(@MessageBody() text: string) {
    const frame = JSON.stringify({ event: 'say', data: text });
    for (const client of this.server.clients) client.send(frame);
  }
}

await serve({
  echo: () => listen([EchoGateway]),
  validated: () => listen([MessageGateway]),
  upgrade: () => listen([JoinGateway]),
  broadcast: () => listen([BroadcastGateway]),
  many: routes => listen(Array.from({ length: routes }, (_, at) => echoAt(`/r${at}`))),
});

async function listen(gateways: Type[]): Promise<number> {
  @Module({ providers: gateways })
  class AppModule {}
  const app = await NestFactory.create(AppModule, { logger: false });
  app.useWebSocketAdapter(new WsAdapter(app));
  await app.listen(0, LOOPBACK);
  return ((app.getHttpServer() as Server).address() as AddressInfo).port;
}

function echoAt(path: string): Type {
  @WebSocketGateway({ path })
  class Echo {
    @SubscribeMessage('echo')
    echo(@MessageBody() data: string) {
      return { event: 'echo', data };
    }
  }
  return Echo;
}
