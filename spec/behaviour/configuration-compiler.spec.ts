import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createApplication,
  Inject,
  Injectable,
  MessageBody,
  Module,
  OnMessage,
  Optional,
  WebSocketRoute,
} from 'gatewire';
import { describe, expect, it } from 'vitest';
import { mistakesOf } from '../support/application.ts';
import { withDeadline } from '../support/deadline.ts';

const FIX =
  'Set "experimentalDecorators" and "emitDecoratorMetadata" to true in the tsconfig.json of the folder ' +
  'you start Bun in; Bun reads no other';
const STANDARD =
  'decorators ran in standard (TC39) mode, which has no parameter decorators and no types ' +
  `(got a context object as second argument; FOUND). ${FIX} [GATEWIRE_STANDARD_DECORATORS]`;
const NO_TYPES = `no parameter types at run time (got no design:paramtypes; FOUND). ${FIX} [GATEWIRE_NO_TYPE_METADATA]`;

/** A message that names the `tsconfig.json` of a folder. */
function found(message: string, folder = process.cwd()): string {
  return message.replace('FOUND', `found ${folder}/tsconfig.json`);
}

type Decorator = (...args: unknown[]) => unknown;

/** Calls a class decorator as standard mode does. */
function decorate(decorator: unknown, type: { readonly name: string }): void {
  (decorator as Decorator)(type, { kind: 'class', name: type.name });
}

/** Calls a decorator of a member as standard mode does. */
function decorateMember(decorator: unknown, value: unknown, name: string): void {
  const kind = value === undefined ? 'field' : 'method';
  (decorator as Decorator)(value, { kind, name, static: false, private: false });
}

describe('decorators called in standard mode', () => {
  it('are reported once for all classes, and throw nothing before', async () => {
    class Db {}
    class ChatService {
      constructor(readonly db: Db) {}
    }
    class ChatController {
      constructor(readonly service: ChatService) {}
      say() {}
    }
    decorateMember(Inject('URL'), undefined, 'url');
    decorateMember(Optional(), undefined, 'url');
    decorate(Injectable(), ChatService);
    decorateMember(OnMessage('say'), ChatController.prototype.say, 'say');
    decorate(WebSocketRoute('/chat'), ChatController);
    expect(await mistakesOf({ controllers: [ChatController], providers: [ChatService, Db] })).toBe(
      found(`ChatService, ChatController: ${STANDARD}`),
    );
  });

  it('leave the other mistakes to be reported', async () => {
    class ChatController {}
    decorate(WebSocketRoute('chat'), ChatController);
    expect(await mistakesOf([ChatController])).toBe(
      found(`2 configuration mistakes\n  1. ChatController: ${STANDARD}\n`) +
        '  2. ChatController: a path starts with "/" (got "chat"). ' +
        `Write it like '/chat', '/chat/:room', '/chat/:room?' or '/files/*' [GATEWIRE_INVALID_PATH]`,
    );
  });
});

describe('decorators without types', () => {
  it('are reported once for all classes', async () => {
    class ChatService {
      constructor(readonly url: string) {}
    }
    class ChatController {
      constructor(readonly service: ChatService) {}
      say(text: string) {
        return text;
      }
    }
    const descriptor = Object.getOwnPropertyDescriptor(ChatController.prototype, 'say') as PropertyDescriptor;
    MessageBody()(ChatController.prototype, 'say', 0);
    OnMessage()(ChatController.prototype, 'say', descriptor);
    WebSocketRoute('/chat')(ChatController);
    Injectable()(ChatService);
    expect(await mistakesOf({ controllers: [ChatController], providers: [ChatService] })).toBe(
      found(`ChatController, ChatService: ${NO_TYPES}`),
    );
  });

  it('matter to a constructor whose class was not decorated', async () => {
    class ChatService {
      constructor(readonly url: string) {}
    }
    expect(await mistakesOf({ providers: [ChatService] })).toBe(
      'ChatService constructor: takes 1 argument, and nothing says what to inject (got no design:paramtypes). ' +
        'Decorate ChatService with @Injectable(), and set "emitDecoratorMetadata" to true in the ' +
        'tsconfig.json of the folder you start Bun in [GATEWIRE_NO_TYPE_METADATA]',
    );
  });

  it('do not matter where every argument is named', async () => {
    class ChatService {
      constructor(readonly url: string) {}
    }
    Inject('URL')(ChatService, undefined, 0);
    @Module({ providers: [ChatService, { provide: 'URL', useValue: 'redis://a' }] })
    class ChatModule {}
    expect((await createApplication(ChatModule)).get(ChatService).url).toBe('redis://a');
  });
});

const LIB = new URL('../../lib/index.ts', import.meta.url).pathname;
const PROGRAM = `
  import { Connection, createApplication, Injectable, MessageBody, Module, OnMessage, OnOpen, WebSocketRoute } from '${LIB}';

  @Injectable()
  class Db {}

  @Injectable()
  class ChatService {
    constructor(readonly db: Db) {}
  }

  @WebSocketRoute('/chat')
  class ChatController {
    constructor(readonly service: ChatService) {}

    @OnOpen()
    open(connection: Connection) {}

    @OnMessage('say')
    say(@MessageBody() text: string) {}
  }

  @Module({ controllers: [ChatController], providers: [ChatService, Db] })
  class AppModule {}

  await createApplication(AppModule).then(() => console.log('created'), error => console.log(error.message));
`;

/** Runs the program in a folder of its own with this tsconfig.json, and gives what it wrote. */
async function run(compilerOptions: object | null): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gatewire-'));
  try {
    await writeFile(join(folder, 'main.ts'), PROGRAM);
    if (compilerOptions) await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
    const child = Bun.spawn([process.execPath, 'main.ts'], {
      cwd: folder,
      stdout: 'pipe',
      stderr: 'inherit',
    });
    const output = (await withDeadline(child.stdout.text(), 10_000, 'the program did not end')).trim();
    return output.replaceAll(await realpath(folder), 'HERE');
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('a program that Bun runs', () => {
  it('in a folder without tsconfig.json is told which flags it needs', async () => {
    expect(await run(null)).toBe(
      `AppModule, ChatService, Db and 1 more: ${STANDARD}`.replace('FOUND', 'found none in HERE'),
    );
  });

  it('with a tsconfig.json that lacks the flags is told them', async () => {
    expect(await run({ strict: true })).toBe(
      found(`AppModule, ChatService, Db and 1 more: ${STANDARD}`, 'HERE'),
    );
  });

  it('without emitDecoratorMetadata is told so', async () => {
    expect(await run({ experimentalDecorators: true })).toBe(
      found(`ChatController, ChatService: ${NO_TYPES}`, 'HERE'),
    );
  });

  it('with both flags starts', async () => {
    expect(await run({ experimentalDecorators: true, emitDecoratorMetadata: true })).toBe('created');
  });
});
