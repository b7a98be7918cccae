import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ran, Workshop } from '../support/cli.ts';

let workshop: Workshop;

beforeAll(async () => {
  workshop = await Workshop.open();
  expect(await workshop.gatewire(['new', 'shop', '--skip-install'])).toMatchObject({ code: 0 });
  await workshop.link('shop');
});
afterAll(() => workshop[Symbol.asyncDispose]());

/** What the command says of a file of the project. */
async function routes(text?: string): Promise<Ran> {
  if (text === undefined) return workshop.gatewire(['routes'], 'shop');
  await workshop.write({ 'src/entry.ts': text }, 'shop');
  return workshop.gatewire(['routes', 'src/entry.ts'], 'shop');
}

const ORDERS = `
import { IsInt, IsString, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import { Connection, Handshake, Injectable, MessageBody, Module, OnMessage, OnOpen, Param, Query, WebSocketRoute, createApplication } from 'gatewire';
import { z } from 'zod';

class Item { @IsString() name!: string }
class Order { @ValidateNested() @Type(() => Item) item!: Item }
class Later { @Type(given => (given ? String : Number)) @IsString() at!: string }
class Page { @IsInt() page!: number }

@Injectable()
export class Clock {
  constructor() { console.error('made'); }
  onModuleInit() { console.error('started'); }
}

@WebSocketRoute('/orders/:shop', { maxPayloadLength: 1500, concurrency: 4, idleTimeout: 30 })
export class OrdersController {
  constructor(readonly clock: Clock) {}
  @OnOpen() open(_c: Connection, @Param('shop') shop: string, @Query() page: Page, @Query('raw') n: number) {}
  @OnMessage('add') add(@MessageBody() order: Order) {}
  @OnMessage('all') addAll(@MessageBody(() => [Item]) items: Item[]) {}
  @OnMessage('one') one(@MessageBody('id') id: number, @MessageBody('by', z.string()) by: string) {}
  @OnMessage('later') later(later: Later) {}
  @OnMessage('*') rest(@MessageBody(() => Object) body: object) {}
}

@WebSocketRoute('/raw')
export class RawController {
  @OnMessage() text(text: string) {}
  @OnMessage() binary(bytes: Uint8Array) {}
}

@Module({ controllers: [OrdersController, RawController], providers: [Clock] })
class OrdersModule {}
`;

describe('gatewire routes', () => {
  it('reads src/app.module.ts', async () => {
    const { code, stdout, stderr } = await routes();
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        'PATH         EVENT    TAKES                GUARDS  LIMITS',
        '/chat/:room  upgrade  params.room: string  –       frame 64 KiB, buffer 1 MiB, 64 pending, idle 120 s',
        '             say      SayDto               –',
        '             history  –                    –',
        '',
        'DTO     CHECKED BY',
        'SayDto  compiled',
        '',
      ].join('\n'),
    );
  });

  it('shows what each event takes, and why a DTO is not compiled', async () => {
    const { code, stdout } = await routes(`${ORDERS}export { OrdersModule };`);
    expect(code).toBe(0);
    const rows = stdout.split('\n').map(line => line.trim().split(/ {2,}/));
    const limits = 'frame 1500 B, buffer 1 MiB, 64 pending, 4 at once, idle 30 s';
    const slots = 'params.shop: string, query: Page, query.raw: number';
    expect(rows).toEqual(
      expect.arrayContaining([
        ['/orders/:shop', 'upgrade', slots, '–', limits],
        ['add', 'Order', '–'],
        ['all', 'Item[]', '–'],
        ['one', 'id: number, by: schema of zod', '–'],
        ['*', 'any JSON', '–'],
        ['/raw', 'upgrade', '–', '–', 'frame 64 KiB, buffer 1 MiB, 64 pending, idle 120 s'],
        ['(text)', 'string', '–'],
        ['(binary)', 'bytes', '–'],
        ['Order', 'compiled'],
        ['mind: item: @ValidateNested() lets an absent value pass: add @IsDefined() or @IsOptional()'],
        ['Later', 'class-validator: at: @Type() that looks at the value'],
        ['Page', 'compiled'],
      ]),
    );
  });

  it('shows the guards of the upgrade, and those of each event', async () => {
    const { stdout } =
      await routes(`import { Injectable, Module, OnMessage, UseGuards, WebSocketRoute } from 'gatewire';
@Injectable() class AuthGuard { canActivate() { return true; } }
@Injectable() class RoleGuard { canActivate() { return true; } }
@WebSocketRoute('/x')
@UseGuards(AuthGuard)
class XController {
  @OnMessage('all') all() {}
  @OnMessage('some') @UseGuards(RoleGuard) some() {}
}
@Module({ controllers: [XController] })
export class XModule {}
`);
    const guards = stdout.split('\n').map(line => line.trim().split(/ {2,}/).slice(0, 4));
    expect(guards.slice(1, 4)).toEqual([
      ['/x', 'upgrade', '–', 'AuthGuard'],
      ['all', '–', 'AuthGuard'],
      ['some', '–', 'AuthGuard, RoleGuard'],
    ]);
  });

  it('makes the application, but starts nothing', async () => {
    const { stderr } = await routes(`${ORDERS}export { OrdersModule };`);
    expect(stderr).toBe('made\n');
  });

  it('reads an application that is exported, with its options', async () => {
    const { code, stdout } = await routes(
      `${ORDERS}export const app = await createApplication(OrdersModule, { validation: { compile: 'off' }, websocket: { maxPending: 7 }, logger: false });`,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/\/raw .* 7 pending/);
    expect(stdout).not.toContain('CHECKED BY');
  });

  it('says so where there is none', async () => {
    const { stdout } = await routes(
      `import { Module } from 'gatewire';\n@Module({})\nexport class EmptyModule {}\n`,
    );
    expect(stdout).toBe('No routes: no module that is imported lists a controller.\n');
  });

  it.each([
    [
      'an application with mistakes',
      `${ORDERS}@Module({ controllers: [OrdersController] }) export class Bad {}`,
      'Clock at index [0] is not available',
    ],
    [
      'a file without exports, which it does not run',
      `console.log('ran');`,
      'it exports neither one module nor an application (got nothing)',
    ],
    ['no module among the exports', 'export const one = 1; export class Two {}', '(got Two, one)'],
    [
      'two modules',
      `import { Module } from 'gatewire';\n@Module({}) export class A {}\n@Module({}) export class B {}`,
      '(got A, B)',
    ],
    [
      'a file that throws',
      `export const x = 1;\nthrow new Error('no database');`,
      'src/entry.ts: it cannot be imported (got Error: no database)',
    ],
  ])('refuses %s', async (_what, text, message) => {
    const { code, stdout, stderr } = await routes(text);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
    expect([code, stdout]).toEqual([1, '']);
  });

  it('refuses a file that is not there', async () => {
    const { code, stderr } = await workshop.gatewire(['routes', 'src/gone.ts'], 'shop');
    expect([code, stderr]).toEqual([
      1,
      "gatewire routes: there is no src/gone.ts. Name the file that exports the root module, from the project's folder\n",
    ]);
  });
});
