import { cp } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ran, Workshop } from '../support/cli.ts';

let workshop: Workshop;
let count = 0;

beforeAll(async () => {
  workshop = await Workshop.open();
  expect(await workshop.gatewire(['new', 'healthy', '--skip-install'])).toMatchObject({ code: 0 });
  await workshop.link('healthy');
});
afterAll(() => workshop[Symbol.asyncDispose]());

/** What the doctor says of the project that `gatewire new` makes, with these files changed or added. */
async function examine(files: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const folder = `patient-${++count}`;
  await cp(workshop.path('healthy'), workshop.path(folder), { recursive: true, verbatimSymlinks: true });
  await workshop.write(files, folder);
  return workshop.gatewire(['doctor'], folder);
}

/** The findings, without the summary; fails unless the exit code fits them. */
async function findings(files: Readonly<Record<string, string>>): Promise<string[]> {
  const { code, stdout, stderr } = await examine(files);
  const lines = stdout.split('\n').filter(line => /^(error|warning)/.test(line));
  expect(stderr).toBe('');
  expect(code).toBe(lines.some(line => line.startsWith('error')) ? 1 : 0);
  return lines;
}

const COMPILER_OPTIONS = { experimentalDecorators: true, emitDecoratorMetadata: true };

function controller(imports: string, parameters: string, decorator = `@OnMessage('x')`): string {
  return `import { Connection, MessageBody, OnClose, OnMessage, Param, WebSocketRoute } from 'gatewire';
${imports}

@WebSocketRoute('/x')
export class XController {
  ${decorator}
  run(${parameters}) {}
}
`;
}

const DTO = `import { IsString } from 'class-validator';
export class XDto { @IsString() text!: string }
export interface Shape { text: string }
`;

describe('gatewire doctor', () => {
  it('finds nothing in a new project', async () => {
    expect(await examine()).toEqual({ code: 0, stdout: 'Nothing is wrong.\n', stderr: '' });
  });

  it('reads a file that starts with #!', async () => {
    expect(await examine({ 'src/script.ts': '#!/usr/bin/env bun\nexport const one = 1;\n' })).toMatchObject({
      code: 0,
    });
  });

  it('counts what it finds', async () => {
    const { code, stdout } = await examine({ 'tsconfig.json': '{}' });
    expect(code).toBe(1);
    expect(stdout).toMatch(/\n\n2 errors, 0 warnings\n$/);
  });
});

describe('gatewire doctor, of the tsconfig', () => {
  it('finds each flag that is not on', async () => {
    expect(
      await findings({ 'tsconfig.json': '{ "compilerOptions": { "experimentalDecorators": false } }' }),
    ).toEqual([
      'error    tsconfig.json: "experimentalDecorators" is not on, so decorated parameters have no types at run time (got false). Set it to true in its compilerOptions; Bun reads the tsconfig.json of the folder it is started in, and no other',
      'error    tsconfig.json: "emitDecoratorMetadata" is not on, so decorated parameters have no types at run time (got nothing). Set it to true in its compilerOptions; Bun reads the tsconfig.json of the folder it is started in, and no other',
    ]);
  });

  it('reads what it extends: files, several of them, packages', async () => {
    const [experimentalDecorators, emitDecoratorMetadata] = [
      JSON.stringify({ compilerOptions: { experimentalDecorators: true } }),
      JSON.stringify({ compilerOptions: { emitDecoratorMetadata: true } }),
    ];
    expect(
      await findings({
        'tsconfig.json':
          '{ "extends": ["./config/one", "@acme/tsconfig", "@acme/tsconfig/other.json"], /* , */ }',
        'config/one.json': experimentalDecorators,
        'node_modules/@acme/tsconfig/package.json': '{"name":"@acme/tsconfig"}',
        'node_modules/@acme/tsconfig/tsconfig.json': '{}',
        'node_modules/@acme/tsconfig/other.json': emitDecoratorMetadata,
      }),
    ).toEqual([]);
  });

  it('names the file that turned a flag off', async () => {
    const found = await findings({
      'tsconfig.json': '{ "extends": "./base.json" }',
      'base.json': JSON.stringify({ compilerOptions: { ...COMPILER_OPTIONS, emitDecoratorMetadata: false } }),
    });
    expect(found).toEqual([expect.stringContaining('"emitDecoratorMetadata" is not on, so')]);
    expect(found[0]).toContain('(got false from base.json)');
  });

  it('finds that there is none, that it does not parse, and that what it extends is gone', async () => {
    await workshop.write({ 'package.json': '{}' }, 'bare');
    const bare = await workshop.gatewire(['doctor'], 'bare');
    expect(bare.stdout).toContain('error    tsconfig.json: there is none in this folder');
    expect(await findings({ 'tsconfig.json': '{ "compilerOptions": ' })).toEqual([
      expect.stringContaining('error    tsconfig.json: it cannot be read (got '),
    ]);
    const extending = JSON.stringify({ extends: './gone.json', compilerOptions: COMPILER_OPTIONS });
    expect(await findings({ 'tsconfig.json': extending })).toEqual([
      'error    tsconfig.json: what it extends is not there (got "./gone.json"). Correct the path, or install the package',
    ]);
  });
});

describe('gatewire doctor, of the installation', () => {
  it('finds a Bun that is too old', async () => {
    expect(await findings({ 'package.json': '{ "engines": { "bun": ">=99" } }' })).toEqual([
      `error    Bun: package.json needs >=99 (got ${Bun.version}). Run bun upgrade, or start a newer one: npx bun@latest`,
    ]);
  });

  it('finds a second copy of a package that has to be there once, also below a dependency of a dependency', async () => {
    const copy = (name: string) => ({
      [`node_modules/inner/node_modules/${name}/package.json`]: JSON.stringify({ name, version: '0.1.2' }),
    });
    const found = await findings({
      'package.json': '{ "dependencies": { "outer": "1.0.0" } }',
      'node_modules/outer/package.json': '{ "name": "outer", "dependencies": { "inner": "1" } }',
      'node_modules/inner/package.json':
        '{ "name": "inner", "dependencies": { "class-validator": "0", "class-transformer": "0", "reflect-metadata": "0" } }',
      ...copy('class-validator'),
      ...copy('class-transformer'),
      ...copy('reflect-metadata'),
    });
    expect(found).toHaveLength(3);
    for (const [at, [level, name]] of [
      ['error', 'class-validator'],
      ['error', 'class-transformer'],
      ['warning', 'reflect-metadata'],
    ].entries()) {
      expect(found[at]).toContain(`${level?.padEnd(7)}  ${name}: it is installed more than once`);
      expect(found[at]).toContain(`0.1.2 in node_modules/inner/node_modules/${name} for inner`);
    }
  });

  it('does not mind a copy that nothing loads', async () => {
    const found = await findings({
      'package.json': '{ "devDependencies": { "tool": "1.0.0" } }',
      'node_modules/tool/package.json': '{ "name": "tool", "dependencies": { "class-validator": "0" } }',
      'node_modules/tool/node_modules/class-validator/package.json': '{ "version": "0.1.2" }',
    });
    expect(found).toEqual([]);
  });

  it('finds what is not installed', async () => {
    const folder = await workshop.outside();
    expect(await workshop.gatewire(['doctor'], folder)).toMatchObject({
      code: 1,
      stderr: `gatewire doctor: there is no package.json in ${folder}. Run it in the folder of a project\n`,
    });
    await workshop.write({ 'package.json': '{}' }, folder);
    const { code, stdout } = await workshop.gatewire(['doctor'], folder);
    expect(code).toBe(1);
    expect(stdout).toContain('error    class-validator: it is not installed. Run bun add class-validator');
    expect(stdout).toContain('error    reflect-metadata: it is not installed');
  });
});

describe('gatewire doctor, of type-only imports', () => {
  const place = 'src/x.controller.ts: XController.run() parameter 0';

  it.each([
    [`import type { XDto } from './x.dto';`, '@MessageBody() body: XDto', 'XDto'],
    [`import { type XDto } from './x.dto';`, 'body: XDto', 'XDto'],
    [`import type { XDto as Dto } from './x.dto';`, `@Param() params: Dto`, 'Dto'],
    [`import type * as dtos from './x.dto';`, 'body: dtos.XDto', 'dtos'],
    [`import type { XDto } from './barrel';`, 'body: XDto', 'XDto'],
  ])('finds %s', async (imports, parameters, local) => {
    const found = await findings({
      'src/x.dto.ts': DTO,
      'src/barrel.ts': `export * from './x.dto';`,
      'src/x.controller.ts': controller(imports, parameters),
    });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(
      `error    ${place}: ${local} is imported as a type only, so there is no class at run time (got import type … from './`,
    );
    expect(found[0]).toContain('. Write import {'.replace('{', local === 'dtos' ? '* as dtos from' : '{'));
  });

  it('finds one in a constructor, and one of gatewire', async () => {
    const found = await findings({
      'src/x.service.ts': `import { Injectable, OnClose, WebSocketRoute } from 'gatewire';
import type { Connection } from 'gatewire';
import type { ChatService } from './chat/chat.service';

@Injectable()
export class XService {
  constructor(private readonly chat: ChatService) {}
}

@WebSocketRoute('/x')
export class XController {
  @OnClose()
  closed(connection: Connection) {}
}
`,
    });
    expect(found).toEqual([
      expect.stringContaining(
        'x.service.ts: XService constructor parameter 0: ChatService is imported as a type only',
      ),
      expect.stringContaining(
        'x.service.ts: XController.closed() parameter 0: Connection is imported as a type only',
      ),
    ]);
  });

  it.each([
    ['a class', `import { XDto } from './x.dto';`, '@MessageBody() body: XDto', `@OnMessage('x')`],
    [
      'a decorator that names the class',
      `import type { XDto } from './x.dto';`,
      '@MessageBody(() => Object) body: XDto',
      `@OnMessage('x')`,
    ],
    ['a value given by its place', `import type { XDto } from './x.dto';`, 'code: XDto', '@OnClose()'],
    [
      'a type in a comment',
      `// import type { XDto } from './x.dto';\nimport { XDto } from './x.dto';`,
      'body: XDto',
      `@OnMessage('x')`,
    ],
    ['a method without decorators', `import type { XDto } from './x.dto';`, 'body: XDto', ''],
  ])('does not mind %s', async (_what, imports, parameters, decorator) => {
    const files = { 'src/x.dto.ts': DTO, 'src/x.controller.ts': controller(imports, parameters, decorator) };
    expect(await findings(files)).toEqual([]);
  });

  it.each(['./x.dto', './barrel'])(
    'leaves an interface of %s to the start, which says what to do',
    async from => {
      const source = controller(`import type { Shape } from '${from}';`, 'body: Shape');
      const files = {
        'src/x.dto.ts': DTO,
        'src/barrel.ts': `export * from './x.dto';`,
        'src/x.controller.ts': source,
      };
      expect(await findings(files)).toEqual([]);
    },
  );

  it('finds a file that does not parse, and reads the others', async () => {
    const found = await findings({
      'src/broken.ts': 'export class {',
      'src/x.dto.ts': DTO,
      'src/x.controller.ts': controller(`import type { XDto } from './x.dto';`, 'body: XDto'),
    });
    expect(found).toEqual([
      expect.stringContaining('error    src/broken.ts: Bun cannot parse it'),
      expect.stringContaining(place),
    ]);
  });
});

describe('gatewire doctor, of circular imports', () => {
  it('finds one that fails at import: a decorated parameter has the type', async () => {
    const service = (own: string, other: string) => `import { Injectable } from 'gatewire';
import { ${other} } from './${other.toLowerCase()}';

@Injectable()
export class ${own} {
  constructor(readonly other: ${other}) {}
}
`;
    const files = { 'src/a.ts': service('A', 'B'), 'src/b.ts': service('B', 'A') };
    expect(await findings(files)).toEqual([
      'error    src/a.ts → src/b.ts → src/a.ts: these files import each other, and A has the type B, which is read while they are loaded. Move what both need into a file of its own; or keep the import for forwardRef(() => B), and take the type by another name: import type { B as BType }',
    ]);
    const loaded = await workshop.run([process.execPath, 'src/a.ts'], `patient-${count}`);
    expect(loaded.stderr).toContain('Cannot access');
  });

  it('is content with what it said to do', async () => {
    const service = (
      own: string,
      other: string,
    ) => `import { forwardRef, Inject, Injectable } from 'gatewire';
import { ${other} } from './${other.toLowerCase()}';
import type { ${other} as ${other}Type } from './${other.toLowerCase()}';

@Injectable()
export class ${own} {
  constructor(@Inject(forwardRef(() => ${other})) readonly other: ${other}Type) {}
}
`;
    const files = { 'src/a.ts': service('A', 'B'), 'src/b.ts': service('B', 'A') };
    expect(await findings(files)).toEqual([
      expect.stringMatching(/^warning {2}src\/a\.ts → src\/b\.ts → src\/a\.ts: /),
    ]);
    const loaded = await workshop.run([process.execPath, 'src/a.ts'], `patient-${count}`);
    expect(loaded).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('warns of one that may go well, of any length, once', async () => {
    const found = await findings({
      'src/one.ts': `import { two } from './two';\nexport const one = () => two();\n`,
      'src/two.ts': `export { three as two } from './deep/three';\n`,
      'src/deep/three.ts': `import { one } from '../one';\nexport const three = () => one();\n`,
    });
    expect(found).toEqual([
      expect.stringMatching(
        /^warning {2}src\/deep\/three\.ts → src\/one\.ts → src\/two\.ts → src\/deep\/three\.ts: /,
      ),
    ]);
  });

  it('follows the paths of the tsconfig', async () => {
    const paths = { '~/*': ['./src/*'] };
    const found = await findings({
      'tsconfig.json': JSON.stringify({ compilerOptions: { ...COMPILER_OPTIONS, paths } }),
      'src/one.ts': `import { two } from '~/two';\nexport const one = () => two();\n`,
      'src/two.ts': `import { one } from '~/one';\nexport const two = () => one();\n`,
    });
    expect(found).toEqual([expect.stringContaining('src/one.ts → src/two.ts → src/one.ts')]);
  });

  it('does not mind types, nor an import that is made when it is needed', async () => {
    const found = await findings({
      'src/one.ts': `import type { Two } from './two';\nexport interface One { two: Two }\n`,
      'src/two.ts': `import type { One } from './one';\nexport interface Two { one: One }\n`,
      'src/three.ts': `export const four = () => import('./four');\n`,
      'src/four.ts': `import { four } from './three';\nexport const three = four;\n`,
    });
    expect(found).toEqual([]);
  });
});
