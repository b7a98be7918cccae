import { IsInt, IsString, MaxLength, MinLength } from 'class-validator';
import {
  EventContext,
  Injectable,
  Module,
  NotFoundException,
  OnMessage,
  UseFilters,
  UseGuards,
  WebSocketRoute,
} from 'gatewire';
import { AuthGuard, CurrentMember, Roles, RolesGuard, SignedOutFilter } from './auth.ts';
import { type Member, Sessions, Tokens } from './tokens.ts';

class Post {
  @IsString() @MinLength(1) @MaxLength(200) text!: string;
}

class Remove {
  @IsInt() id!: number;
}

interface Notice {
  readonly id: number;
  readonly text: string;
  readonly by: string;
}

/** Notes who changed what: nobody has to tell it who that is. */
@Injectable()
export class Audit {
  readonly lines: string[] = [];

  constructor(private readonly context: EventContext) {}

  note(what: string) {
    const { user } = this.context.handshake ?? {};
    this.lines.push(`${(user as Member | undefined)?.name} ${this.context.event} ${what}`);
  }
}

@Injectable()
export class NoticeBoard {
  readonly #notices = new Map<number, Notice>();
  #lastId = 0;

  constructor(private readonly audit: Audit) {}

  list() {
    return [...this.#notices.values()];
  }

  pin(text: string, by: string) {
    const notice = { id: ++this.#lastId, text, by };
    this.#notices.set(notice.id, notice);
    this.audit.note(`#${notice.id}`);
    return notice;
  }

  remove(id: number) {
    if (!this.#notices.delete(id)) throw new NotFoundException('There is no such notice');
    this.audit.note(`#${id}`);
  }
}

/** Every member reads, editors pin, admins remove. */
@WebSocketRoute('/notices')
@UseGuards(AuthGuard, RolesGuard)
@UseFilters(SignedOutFilter)
export class NoticesController {
  constructor(private readonly board: NoticeBoard) {}

  @OnMessage('list')
  list() {
    return this.board.list();
  }

  @OnMessage('pin')
  @Roles(['editor', 'admin'])
  pin(body: Post, @CurrentMember() member: Member) {
    return this.board.pin(body.text, member.name);
  }

  @OnMessage('remove')
  @Roles(['admin'])
  remove(body: Remove) {
    this.board.remove(body.id);
  }
}

@Module({ controllers: [NoticesController], providers: [Audit, NoticeBoard, Sessions, Tokens] })
export class NoticesModule {}
