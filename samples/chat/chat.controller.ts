import {
  BeforeHandle,
  ConflictException,
  Connection,
  event,
  Handshake,
  OnClose,
  OnMessage,
  OnOpen,
  Param,
  Publisher,
  Query,
  WebSocketRoute,
} from 'gatewire';
import { JoinQuery, RoomParams, SayDto } from './chat.dto.ts';
import { ChatService, type Seat } from './chat.service.ts';

@WebSocketRoute('/chat/:room')
export class ChatController {
  constructor(
    private readonly chat: ChatService,
    private readonly publisher: Publisher,
  ) {}

  /** Lets nobody in whose name is taken. What is put into `handshake.data` is `connection.data` from here on. */
  @BeforeHandle()
  reserve(@Param() { room }: RoomParams, @Query() { name }: JoinQuery, handshake: Handshake<Seat>) {
    const seat = this.chat.reserve(room, name);
    if (seat === undefined) throw new ConflictException('Somebody in this room has that name');
    handshake.data = seat;
  }

  @OnOpen()
  enter(connection: Connection<Seat>) {
    const { room, name } = connection.data;
    const history = this.chat.enter(connection.data);
    connection.subscribe(topicOf(room));
    connection.to(topicOf(room)).emit('joined', { name });
    return event('history', history);
  }

  @OnMessage('say')
  say({ text }: SayDto, connection: Connection<Seat>) {
    const message = this.chat.say(connection.data, text);
    this.publisher.to(topicOf(connection.data.room)).emit('message', message);
  }

  @OnClose()
  leave({ data: seat }: Connection<Seat>) {
    const wasHere = this.chat.leave(seat);
    if (wasHere) this.publisher.to(topicOf(seat.room)).emit('left', { name: seat.name });
  }
}

function topicOf(room: string): string {
  return `room:${room}`;
}
