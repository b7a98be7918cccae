import 'reflect-metadata';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import { WsAdapter } from '@nestjs/platform-ws';
import { ChatModule } from '../../samples/nest-migration/before/chat.module.ts';

const nothing = () => {};

/** What NestJS needs of HTTP to serve sockets: a server. In place of Express, which answers requests besides. */
class SocketsOnly extends AbstractHttpAdapter<Server> {
  override readonly useStaticAssets = nothing;
  override readonly setViewEngine = nothing;
  override readonly getRequestHostname = nothing;
  override readonly getRequestMethod = nothing;
  override readonly getRequestUrl = nothing;
  override readonly status = nothing;
  override readonly reply = nothing;
  override readonly end = nothing;
  override readonly render = nothing;
  override readonly redirect = nothing;
  override readonly setErrorHandler = nothing;
  override readonly setNotFoundHandler = nothing;
  override readonly isHeadersSent = nothing;
  override readonly getHeader = nothing;
  override readonly setHeader = nothing;
  override readonly appendHeader = nothing;
  override readonly registerParserMiddleware = nothing;
  override readonly enableCors = nothing;
  override readonly createMiddlewareFactory = () => nothing;
  override readonly applyVersionFilter = () => () => nothing;
  override readonly getType = () => 'none';

  override initHttpServer(): void {
    this.httpServer = createServer();
  }

  override listen(...args: unknown[]): Server {
    return Reflect.apply(this.httpServer.listen, this.httpServer, args);
  }

  override close(): void {
    this.httpServer.close();
  }
}

const app = await NestFactory.create(ChatModule, new SocketsOnly(), { logger: ['error'] });
app.useWebSocketAdapter(new WsAdapter(app));
await app.listen(0, '127.0.0.1');
const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
console.log(`http://127.0.0.1:${port}`);
