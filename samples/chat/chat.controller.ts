import {
  BeforeHandle,
  ConflictException,
  Connection,
  event,
  Injectable,
  OnMessage,
  OnOpen,
  Param,
  Publisher,
  Query,
  Scope,
  WebSocketRoute,
} from 'gatewire';
import { JoinQuery, RoomParams, SayDto } from './chat.dto.ts';
import { ChatService, type Seat } from './chat.service.ts';

/** One instance for each connection: the seat is that connection's own. */
@WebSocketRoute('/chat/:room')
@Injectable({ scope: Scope.CONNECTION })
export class ChatController {
  /** Taken by the first hook that runs; an upgrade that it refuses has none. */
  private seat!: Seat;

  constructor(
    private readonly chat: ChatService,
    private readonly publisher: Publisher,
  ) {}

  /** Lets nobody in whose name is taken. */
  @BeforeHandle()
  reserve(@Param() { room }: RoomParams, @Query() { name }: JoinQuery) {
    const seat = this.chat.reserve(room, name);
    if (seat === undefined) throw new ConflictException('Somebody in this room has that name');
    this.seat = seat;
  }

  @OnOpen()
  enter(connection: Connection) {
    const { topic, name } = this.seat;
    connection.subscribe(topic);
    connection.to(topic).emit('joined', { name });
    return event('history', this.chat.enter(this.seat));
  }

  @OnMessage('say')
  say({ text }: SayDto) {
    this.publisher.to(this.seat.topic).emit('message', this.chat.say(this.seat, text));
  }

  /** Runs last, also where the upgrade was refused or the client left in the middle of it. */
  onConnectionClose() {
    const wasHere = this.seat !== undefined && this.chat.leave(this.seat);
    if (wasHere) this.publisher.to(this.seat.topic).emit('left', { name: this.seat.name });
  }
}
