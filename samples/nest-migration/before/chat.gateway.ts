import type { IncomingMessage } from 'node:http';
import { ParseIntPipe, UsePipes, ValidationPipe } from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  SubscribeMessage,
  WebSocketGateway,
  WebSocketServer,
  WsException,
} from '@nestjs/websockets';
import { from, map, type Observable } from 'rxjs';
import { type WebSocketServer as Server, WebSocket } from 'ws';
import { ChatService } from '../shared/chat.service.ts';
import { SayDto } from '../shared/say.dto.ts';

interface Member extends WebSocket {
  name?: string;
  room?: string;
}

@WebSocketGateway({ path: '/chat' })
@UsePipes(
  new ValidationPipe({ whitelist: true, exceptionFactory: () => new WsException('Validation failed') }),
)
export class ChatGateway implements OnGatewayConnection<Member>, OnGatewayDisconnect<Member> {
  @WebSocketServer() private readonly server!: Server;

  constructor(private readonly chat: ChatService) {}

  /** The connection is open already: all that is left is to close it again. */
  handleConnection(client: Member, request: IncomingMessage) {
    const query = new URL(request.url ?? '/', 'ws://localhost').searchParams;
    const name = this.chat.nameOf(query.get('token') ?? '');
    if (name === undefined) return client.close(1008, 'unknown token');
    client.name = name;
    client.room = query.get('room') ?? 'lobby';
    this.broadcast(client, 'joined', { name });
  }

  handleDisconnect(client: Member) {
    if (client.name !== undefined) this.broadcast(client, 'left', { name: client.name });
  }

  @SubscribeMessage('say')
  say(@ConnectedSocket() client: Member, @MessageBody() { text }: SayDto) {
    const { name, room } = memberOf(client);
    const line = this.chat.say(room, { by: name, text });
    this.broadcast(client, 'message', line);
    return { event: 'said', data: line };
  }

  @SubscribeMessage('history')
  history(@ConnectedSocket() client: Member, @MessageBody('count', ParseIntPipe) count: number) {
    return { event: 'history', data: this.chat.last(memberOf(client).room, count) };
  }

  /** One frame for each line. */
  @SubscribeMessage('replay')
  replay(@ConnectedSocket() client: Member): Observable<{ event: string; data: unknown }> {
    const lines = this.chat.last(memberOf(client).room, 100);
    return from(lines).pipe(map(data => ({ event: 'replayed', data })));
  }

  private broadcast(sender: Member, event: string, data: unknown) {
    const frame = JSON.stringify({ event, data });
    for (const client of this.server.clients as Set<Member>) {
      const hears = client !== sender && client.room === sender.room && client.readyState === WebSocket.OPEN;
      if (hears) client.send(frame);
    }
  }
}

/** A message may come before `handleConnection()` has ended, or after it has refused. */
function memberOf({ name, room }: Member) {
  if (name === undefined || room === undefined) throw new WsException('not in a room');
  return { name, room };
}
