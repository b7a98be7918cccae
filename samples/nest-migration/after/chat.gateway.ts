import {
  BeforeHandle,
  ConnectedSocket,
  Connection,
  event,
  Handshake,
  MessageBody,
  OnClose,
  OnMessage,
  OnOpen,
  ParseIntPipe,
  Publisher,
  Query,
  UnauthorizedException,
  WebSocketRoute,
} from 'gatewire';
import { ChatService } from '../shared/chat.service.ts';
import { SayDto } from '../shared/say.dto.ts';

interface Member {
  readonly name: string;
  readonly room: string;
}

@WebSocketRoute('/chat')
export class ChatGateway {
  constructor(
    private readonly chat: ChatService,
    private readonly publisher: Publisher,
  ) {}

  /** There is no connection yet: an unknown token is answered with 401. */
  @BeforeHandle()
  admit(handshake: Handshake<Member>, @Query('token') token?: string, @Query('room') room?: string) {
    const name = this.chat.nameOf(token ?? '');
    if (name === undefined) throw new UnauthorizedException('unknown token');
    handshake.data = { name, room: room ?? 'lobby' };
  }

  @OnOpen()
  open(connection: Connection<Member>) {
    const { name, room } = connection.data;
    connection.subscribe(room);
    connection.to(room).emit('joined', { name });
  }

  @OnClose()
  close({ data }: Connection<Member>) {
    this.publisher.to(data.room).emit('left', { name: data.name });
  }

  @OnMessage('say')
  say(@ConnectedSocket() connection: Connection<Member>, @MessageBody() { text }: SayDto) {
    const { name, room } = connection.data;
    const line = this.chat.say(room, { by: name, text });
    connection.to(room).emit('message', line);
    return event('said', line);
  }

  @OnMessage('history')
  history(
    @ConnectedSocket() { data }: Connection<Member>,
    @MessageBody('count', ParseIntPipe) count: number,
  ) {
    return this.chat.last(data.room, count);
  }

  /** One frame for each line. */
  @OnMessage('replay')
  *replay(@ConnectedSocket() { data }: Connection<Member>) {
    for (const line of this.chat.last(data.room, 100)) yield event('replayed', line);
  }
}
