import { IsString, MaxLength } from 'class-validator';
import {
  BeforeHandle,
  Connection,
  ForbiddenException,
  Injectable,
  Module,
  OnMessage,
  OnOpen,
  Param,
  Query,
  WebSocketRoute,
} from 'gatewire';

@Injectable()
export class Clock {
  now() {
    return new Date();
  }
}

/** Sells tickets, each of which lets somebody in once. */
@Injectable()
export class TicketOffice {
  readonly #sold = new Set<string>();

  sell() {
    const ticket = crypto.randomUUID();
    this.#sold.add(ticket);
    return ticket;
  }

  take(ticket: string) {
    return this.#sold.delete(ticket);
  }
}

class Say {
  @IsString() @MaxLength(200) text!: string;
}

@WebSocketRoute('/chat/:room')
export class ChatController {
  constructor(
    private readonly tickets: TicketOffice,
    private readonly clock: Clock,
  ) {}

  @BeforeHandle()
  judge(@Query('ticket') ticket: string) {
    if (!this.tickets.take(ticket)) throw new ForbiddenException('This ticket is not valid');
  }

  @OnOpen()
  open(connection: Connection, @Param('room') room: string) {
    connection.subscribe(room);
  }

  @OnMessage('say')
  say(body: Say, connection: Connection, @Param('room') room: string) {
    const said = { text: body.text, at: this.clock.now().toISOString() };
    connection.to(room).emit('said', said);
    return said;
  }
}

@Module({ controllers: [ChatController], providers: [TicketOffice, Clock] })
export class ChatModule {}
