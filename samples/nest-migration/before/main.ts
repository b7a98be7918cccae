import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { WsAdapter } from '@nestjs/platform-ws';
import { ChatModule } from './chat.module.ts';

// Of Express, which `npm install @nestjs/platform-express` brings: NestJS needs it to serve sockets, too.
const app = await NestFactory.create(ChatModule);
app.useWebSocketAdapter(new WsAdapter(app));
await app.listen(Number(process.env.PORT ?? 3000));
console.log(`Chat is at ${await app.getUrl()}`);
