import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workshop } from '../support/cli.ts';
import { Client } from '../support/client.ts';
import { withDeadline } from '../support/deadline.ts';

const FILES = [
  '.gitignore',
  'README.md',
  'package.json',
  'src/app.module.ts',
  'src/chat/chat.controller.spec.ts',
  'src/chat/chat.controller.ts',
  'src/chat/chat.module.ts',
  'src/chat/chat.service.ts',
  'src/chat/dto/say.dto.ts',
  'src/main.ts',
  'tsconfig.json',
];

let workshop: Workshop;

beforeAll(async () => {
  workshop = await Workshop.open();
});
afterAll(() => workshop[Symbol.asyncDispose]());

describe('gatewire new', () => {
  it('makes a project with both decorator flags and the scripts NestJS people know', async () => {
    const { code, stdout } = await workshop.gatewire(['new', 'shop', '--skip-install']);
    expect(code).toBe(0);
    expect(stdout).toContain('CREATE shop/src/main.ts');
    expect(await workshop.files('shop')).toEqual(FILES);
    const { scripts, dependencies, engines } = JSON.parse(await workshop.read('shop/package.json'));
    expect(Object.keys(scripts)).toEqual(['start', 'start:dev', 'test', 'check']);
    expect(scripts['start:dev']).toBe('bun --hot src/main.ts');
    const own = await Bun.file(new URL('../../package.json', import.meta.url)).json();
    expect(dependencies).toEqual({ gatewire: `^${own.version}`, ...own.peerDependencies });
    expect(engines).toEqual(own.engines);
    const { compilerOptions } = Bun.JSONC.parse(await workshop.read('shop/tsconfig.json')) as {
      compilerOptions: object;
    };
    expect(compilerOptions).toMatchObject({ experimentalDecorators: true, emitDecoratorMetadata: true });
  });

  it('writes the name in kebab case, and asks for the gatewire it is given', async () => {
    await workshop.gatewire(['new', 'MyShop', '--skip-install', '--package', 'file:../gatewire.tgz']);
    const { name, dependencies } = JSON.parse(await workshop.read('MyShop/package.json'));
    expect(name).toBe('my-shop');
    expect(dependencies.gatewire).toBe('file:../gatewire.tgz');
  });

  it('says what it would make on a dry run, and makes nothing', async () => {
    const { code, stdout } = await workshop.gatewire(['new', 'dry', '--dry-run']);
    expect(code).toBe(0);
    for (const file of FILES) expect(stdout).toContain(`CREATE dry/${file} (`);
    expect(stdout).toContain('nothing was written');
    await expect(workshop.files('dry')).rejects.toThrow('ENOENT');
  });

  it('leaves a folder alone that is not empty, unless it is forced', async () => {
    await workshop.write({ 'full/package.json': '{"name":"mine"}', 'full/notes.txt': 'mine' });
    const refused = await workshop.gatewire(['new', 'full', '--skip-install']);
    expect(refused).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'gatewire new: the folder full is not empty (got notes.txt). Choose another name, or add to it with --force\n',
    });
    expect(await workshop.files('full')).toEqual(['notes.txt', 'package.json']);
    const forced = await workshop.gatewire(['new', 'full', '--skip-install', '--force']);
    expect(forced.code).toBe(0);
    expect(forced.stdout).toContain('UPDATE full/package.json');
    expect(JSON.parse(await workshop.read('full/package.json')).name).toBe('full');
    expect(await workshop.read('full/notes.txt')).toBe('mine');
  });

  it('keeps the files, and says so, when they cannot be installed', async () => {
    const args = ['new', 'offline', '--package', 'file:./missing.tgz'];
    const nowhere = { BUN_CONFIG_REGISTRY: 'http://127.0.0.1:9' };
    const { code, stdout, stderr } = await workshop.gatewire(args, '.', nowhere);
    expect(code).toBe(1);
    expect(stderr).toContain('gatewire new: the files are there, but bun install failed');
    expect(stdout).toContain('Next:\n  cd offline\n  bun install\n');
    expect(await workshop.files('offline')).toEqual(FILES);
  });

  it('fills the folder it is in, beside its .git', async () => {
    await workshop.write({ 'here/.git/HEAD': '' });
    const { code, stdout } = await workshop.gatewire(['new', '.', '--skip-install'], 'here');
    expect(code).toBe(0);
    expect(stdout).toContain('CREATE src/main.ts');
    expect(JSON.parse(await workshop.read('here/package.json')).name).toBe('here');
  });

  it.each([
    [['new'], 'gatewire new: <name> is missing: the folder to make'],
    [['new', 'a', 'b'], 'gatewire new: one argument too many (got "b")'],
    [['new', '1st'], 'the name must be letters, digits and dashes, and start with a letter (got "1st")'],
    [['new', 'a', '--skip-instal'], 'unknown option --skip-instal. Did you mean --skip-install?'],
    [['new', 'a', '--package'], '--package takes a value (got nothing). Write --package <spec>'],
    [['new', 'a', '--dry-run=yes'], '--dry-run takes no value (got "yes")'],
    [
      ['genrate', 'a'],
      'gatewire: unknown command (got "genrate"). Did you mean "generate"? There are new, generate',
    ],
  ])('refuses %j', async (args, message) => {
    const { code, stdout, stderr } = await workshop.gatewire(args);
    expect(stderr).toContain(message);
    expect([code, stdout]).toEqual([2, '']);
  });

  it('shows its help, and the list of commands', async () => {
    const help = await workshop.gatewire(['new', '--help']);
    expect(help.stdout).toContain('gatewire new <name> [options]');
    expect(help.stdout).toContain('--package <spec>');
    const list = await workshop.gatewire(['--help']);
    expect([list.code, list.stderr]).toEqual([0, '']);
    expect(list.stdout).toMatch(/new, n .*\n.*generate, g/);
    expect((await workshop.gatewire([])).code).toBe(2);
  });
});

describe('a project made by the package as it is published', () => {
  const commands = [
    'resource rooms',
    'module billing',
    'controller billing',
    'service billing/tax-rates',
    'guard auth',
    'filter http',
    'pipe trim',
    'interceptor log',
  ];

  beforeAll(async () => {
    const gatewire = await workshop.build();
    const bun = process.execPath;
    const made = await workshop.run([
      bun,
      `${gatewire}/dist/cli/create-gatewire.js`,
      'demo',
      '--skip-install',
    ]);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    await workshop.link('demo', gatewire);
    for (const command of commands) {
      const generate = [bun, `${gatewire}/dist/cli/gatewire.js`, 'generate', ...command.split(' ')];
      expect(await workshop.run(generate, 'demo')).toMatchObject({ code: 0, stderr: '' });
    }
  }, 60_000);

  it('has no mistake of types, with everything that can be generated', async () => {
    const tsc = [process.execPath, 'node_modules/typescript/bin/tsc', '-p', '.'];
    expect(await workshop.run(tsc, 'demo')).toEqual({ code: 0, stdout: '', stderr: '' });
  }, 60_000);

  it('passes its own tests', async () => {
    const { code, stderr } = await workshop.run([process.execPath, 'test'], 'demo');
    expect(stderr).toMatch(/\n 12 pass\n 0 fail\n/);
    expect(code).toBe(0);
  }, 60_000);

  it('starts, and answers a real client', async () => {
    const child = Bun.spawn([process.execPath, 'run', '--silent', 'start'], {
      cwd: workshop.path('demo'),
      env: { ...process.env, PORT: '0' },
      stdout: 'pipe',
      stderr: 'inherit',
    });
    try {
      const url = await withDeadline(printedUrl(child.stdout), 15_000, 'the project printed no URL');
      await using ada = await Client.connect(`${url}/chat/blue`);
      await using grace = await Client.connect(`${url}/chat/blue`);
      const message = { room: 'blue', text: 'hi' };
      expect(await ada.request('say', { text: 'hi' }, 1)).toEqual({ id: 1, data: message });
      expect(await grace.next()).toEqual({ event: 'said', data: message });
      const { error } = await ada.request('say', { text: '' }, 2);
      expect(error).toMatchObject({
        code: 'validation_failed',
        issues: [{ path: 'text', rule: 'isNotEmpty' }],
      });
      await using rooms = await Client.connect(`${url}/rooms`);
      const room = { id: 1, name: 'first' };
      expect(await rooms.request('createRoom', { name: 'first' }, 1)).toEqual({ id: 1, data: room });
      expect(await rooms.request('findOneRoom', 2, 2)).toMatchObject({ error: { code: 'not_found' } });
    } finally {
      child.kill('SIGTERM');
      expect(await child.exited).toBe(0);
    }
  }, 30_000);
});

async function printedUrl(stdout: ReadableStream<Uint8Array>): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of stdout) {
    text += decoder.decode(chunk, { stream: true });
    const url = /http:\/\/[^\s/]+/.exec(text)?.[0];
    if (url !== undefined) return url;
  }
  throw new Error(`it ended after printing ${JSON.stringify(text)}`);
}
