import { cp, mkdir, mkdtemp, realpath, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');

const CHECK = `
  import 'reflect-metadata';
  import { Expose, Type } from 'class-transformer';
  import { IsInt, IsString, Length, ValidateNested } from 'class-validator';
  import { Validation } from '${ROOT}/lib/validation/validation.ts';
  class Item {}
  IsInt()(Item.prototype, 'id');
  class Dto {}
  Expose({ name: 'user_name' })(Dto.prototype, 'userName');
  IsString()(Dto.prototype, 'userName');
  Length(1, 3)(Dto.prototype, 'userName');
  ValidateNested()(Dto.prototype, 'item');
  Type(() => Item)(Dto.prototype, 'item');
  const validation = new Validation({ compile: 'require' });
  await validation.load();
  const { validate } = validation.json(Dto);
  const results = [{ user_name: 'ada', item: { id: 1 } }, { user_name: 'a', item: { id: 'x' } }].map(validate);
  console.log(JSON.stringify([results, results[0].item instanceof Item, validation.report().map(one => one.compiled)]));
`;

const APPLICATION = `
  import 'reflect-metadata';
  import { IsInt } from 'class-validator';
  import { createApplication, MessageBody, Module, OnMessage, WebSocketRoute } from '${ROOT}/lib/index.ts';
  class Dto { @IsInt() id!: number; }
  @WebSocketRoute('/')
  class Route { @OnMessage('say') say(@MessageBody() _: Dto) {} }
  @Module({ controllers: [Route] })
  class AppModule {}
  await createApplication(AppModule);
`;

/** An application of its own, with the installed packages; those named are copies. */
async function application(main: string, copies: readonly string[] = []): Promise<string> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'gatewire-')));
  const modules = join(directory, 'node_modules');
  await mkdir(modules);
  for (const name of [
    'class-transformer',
    'class-validator',
    'reflect-metadata',
    'validator',
    'libphonenumber-js',
  ]) {
    const installed = await realpath(join(ROOT, 'node_modules', name));
    if (copies.includes(name)) await cp(installed, join(modules, name), { recursive: true });
    else await symlink(installed, join(modules, name));
  }
  const compilerOptions = { experimentalDecorators: true, emitDecoratorMetadata: true };
  await Bun.write(join(directory, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  await Bun.write(join(directory, 'main.ts'), main);
  return directory;
}

async function run(directory: string, ...args: string[]) {
  const child = Bun.spawn([process.execPath, ...args], { cwd: directory, stdout: 'pipe', stderr: 'pipe' });
  const texts = [child.stdout, child.stderr].map(stream => new Response(stream).text());
  const [stdout = '', stderr = ''] = await Promise.all(texts);
  return { stdout, stderr, code: await child.exited };
}

describe('an application', () => {
  it('compiles its DTOs after bun build --minify, too', { timeout: 60_000 }, async () => {
    const directory = await application(CHECK);
    const built = await run(directory, 'build', '--minify', '--target=bun', '--outfile=bundle.js', 'main.ts');
    expect(built).toMatchObject({ code: 0 });
    const { stdout, stderr } = await run(directory, 'bundle.js');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual([
      [
        { userName: 'ada', item: { id: 1 } },
        { issues: [{ path: 'item.id', rule: 'isInt', message: 'id must be an integer number' }] },
      ],
      true,
      [true, true],
    ]);
    expect((await run(directory, 'main.ts')).stdout).toBe(stdout);
  });

  it('does not start with class-validator installed twice', { timeout: 60_000 }, async () => {
    const directory = await application(APPLICATION, ['class-validator']);
    const { stderr, code } = await run(directory, 'main.ts');
    expect(code).toBe(1);
    expect(stderr).toContain(
      'Validation of DTO classes: class-validator is installed twice, so one copy does not see the decorators of the other',
    );
    expect(stderr).toContain(join(directory, 'node_modules/class-validator'));
    expect(stderr).toContain('Keep one copy: npm ls class-validator shows who asks for which version');
    const once = await application(APPLICATION);
    expect(await run(once, 'main.ts')).toEqual({ stdout: '', stderr: '', code: 0 });
  });
});
