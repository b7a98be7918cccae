import type { Change } from '../change-set.ts';

/** The application itself: one feature that works, with its spec. */
export function sourceFiles(): Change[] {
  return [
    { path: 'src/main.ts', text: MAIN },
    { path: 'src/app.module.ts', text: APP_MODULE },
    { path: 'src/chat/chat.module.ts', text: CHAT_MODULE },
    { path: 'src/chat/chat.controller.ts', text: CONTROLLER },
    { path: 'src/chat/chat.controller.spec.ts', text: CONTROLLER_SPEC },
    { path: 'src/chat/chat.service.ts', text: SERVICE },
    { path: 'src/chat/dto/say.dto.ts', text: DTO },
  ];
}

const MAIN = `import { type Application, createApplication } from 'gatewire';
import { AppModule } from './app.module';

// \`bun --hot\` runs this file again after each change: the application before it lets go of the port first.
const hot = globalThis as { app?: Application };
await hot.app?.close({ timeout: 1000 });

const app = await createApplication(AppModule);
hot.app = app;
await app.listen(Number(process.env.PORT ?? 3000));
console.log(\`Listening at \${app.url}\`);
`;

const APP_MODULE = `import { Module } from 'gatewire';
import { ChatModule } from './chat/chat.module';

@Module({
  imports: [ChatModule],
})
export class AppModule {}
`;

const CHAT_MODULE = `import { Module } from 'gatewire';
import { ChatController } from './chat.controller';
import { ChatService } from './chat.service';

@Module({
  controllers: [ChatController],
  providers: [ChatService],
})
export class ChatModule {}
`;

const CONTROLLER = `import { Connection, MessageBody, OnMessage, OnOpen, Param, Publisher, WebSocketRoute } from 'gatewire';
import { ChatService } from './chat.service';
import { SayDto } from './dto/say.dto';

@WebSocketRoute('/chat/:room')
export class ChatController {
  constructor(
    private readonly chat: ChatService,
    private readonly publisher: Publisher,
  ) {}

  @OnOpen()
  open(connection: Connection, @Param('room') room: string) {
    connection.subscribe(room);
  }

  @OnMessage('say')
  say(@MessageBody() { text }: SayDto, @Param('room') room: string) {
    const message = this.chat.add(room, text);
    this.publisher.to(room).emit('said', message);
    return message;
  }

  @OnMessage('history')
  history(@Param('room') room: string) {
    return this.chat.history(room);
  }
}
`;

const SERVICE = `import { Injectable } from 'gatewire';

export interface Message {
  readonly room: string;
  readonly text: string;
}

const KEPT = 1000;

/** Remembers the last messages of all rooms together, so that nobody can fill the memory. */
@Injectable()
export class ChatService {
  readonly #messages: Message[] = [];

  add(room: string, text: string): Message {
    const message = { room, text };
    this.#messages.push(message);
    if (this.#messages.length > KEPT) this.#messages.shift();
    return message;
  }

  history(room: string): Message[] {
    return this.#messages.filter(message => message.room === room);
  }
}
`;

const DTO = `import { IsNotEmpty, IsString, MaxLength } from 'class-validator';

export class SayDto {
  @IsString()
  @IsNotEmpty()
  @MaxLength(500)
  text!: string;
}
`;

const CONTROLLER_SPEC = `import { describe, expect, it } from 'bun:test';
import { Test } from 'gatewire/testing';
import { AppModule } from '../app.module';

describe('ChatController', () => {
  it('tells everyone in the room what one of them says', async () => {
    await using app = await Test.createTestingModule({ imports: [AppModule] }).compile();
    await using ada = await app.connect('/chat/blue');
    await using grace = await app.connect('/chat/blue');
    const message = { room: 'blue', text: 'hi' };
    expect(await ada.request('say', { text: 'hi' })).toEqual(message);
    expect(await grace.nextEvent('said')).toEqual(message);
    expect(await grace.request('history')).toEqual([message]);
  });

  it('refuses a message without text', async () => {
    await using app = await Test.createTestingModule({ imports: [AppModule] }).compile();
    await using ada = await app.connect('/chat/blue');
    await expect(ada.request('say', { text: '' })).rejects.toThrow('text isNotEmpty');
  });
});
`;
