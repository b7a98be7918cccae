import { describe, expect, it } from 'vitest';
import { editModule } from '../../../../lib/cli/generate/edit-module.ts';

const ENTRY = { list: 'controllers', className: 'NewController', from: './new/new.controller' } as const;

function edit(source: string): string {
  return editModule(source, ENTRY, 'src/app.module.ts');
}

/** Only the decorator, without the import that is added too. */
function metadataOf(metadata: string): string {
  const edited = edit(
    `import { Module } from 'gatewire';\n\n@Module(${metadata})\nexport class AppModule {}\n`,
  );
  const [, decorator = ''] = /@Module\(([\s\S]*)\)\nexport class AppModule/.exec(edited) ?? [];
  return decorator;
}

describe('editModule', () => {
  it.each([
    ['no metadata', '', '{\n  controllers: [NewController],\n}'],
    ['no lists', '{}', '{\n  controllers: [NewController],\n}'],
    ['an empty list', '{ controllers: [] }', '{ controllers: [NewController] }'],
    ['a list', '{ controllers: [A] }', '{ controllers: [A, NewController] }'],
    ['a list with a comma at its end', '{ controllers: [A,] }', '{ controllers: [A, NewController,] }'],
    ['a spread list', '{ controllers: [...ALL] }', '{ controllers: [...ALL, NewController] }'],
    ['another list alone', '{ imports: [A] }', '{ imports: [A], controllers: [NewController] }'],
    ['a key in quotes', `{ 'controllers': [A] }`, `{ 'controllers': [A, NewController] }`],
    ['the class already', '{ controllers: [A, NewController] }', '{ controllers: [A, NewController] }'],
    [
      'a line for each entry',
      '{\n  controllers: [\n    A,\n    B,\n  ],\n}',
      '{\n  controllers: [\n    A,\n    B,\n    NewController,\n  ],\n}',
    ],
    [
      'a line for each entry, no comma at the end, a comment behind',
      '{\n  controllers: [\n    A,\n    B // [keep], "this"\n  ]\n}',
      '{\n  controllers: [\n    A,\n    B, // [keep], "this"\n    NewController,\n  ]\n}',
    ],
    [
      'the word elsewhere',
      '{\n  imports: [Other.forRoot({ controllers: [], path: "]," })],\n  // controllers: [],\n}',
      '{\n  imports: [Other.forRoot({ controllers: [], path: "]," })],\n  controllers: [NewController],\n  // controllers: [],\n}',
    ],
  ])('adds to a module with %s', (_what, before, after) => {
    expect(metadataOf(before)).toBe(after);
  });

  it.each([
    ['', 'the file has 0 classes with @Module(), not one'],
    ['@Module({})\nclass A {}\n@Module({})\nclass B {}', 'the file has 2 classes with @Module(), not one'],
    ['// @Module({})\nclass A {}', 'the file has 0 classes with @Module(), not one'],
    ['@Module(METADATA)\nclass A {}', '@Module() is not given one object literal'],
    ['@Module({ controllers: CONTROLLERS })\nclass A {}', 'its controllers are not a list in brackets'],
    ['@Module({ controllers: [A].concat(B) })\nclass A {}', 'its controllers are not a list in brackets'],
    ['@Module({ ...base })\nclass A {}', '...base may hold its controllers'],
    ['@Module({ controllers })\nclass A {}', 'controllers may hold its controllers'],
    ['@Module({ [key]: [] })\nclass A {}', '[key]: [] may hold its controllers'],
    ['@Module({ controllers: [A }\nclass A {}', 'the brackets of @Module() do not match'],
    ['@Module({}) class A { broken( }', 'the file would not parse any more'],
  ])('refuses what it cannot tell: %j', (source, why) => {
    expect(() => edit(source)).toThrow(why);
    expect(() => edit(source)).toThrow('src/app.module.ts: cannot add NewController to the module');
  });

  it('imports the class behind the other imports, written as they are', () => {
    const edited = edit(
      [
        '// import { Old } from "./old";',
        'import "reflect-metadata"',
        'import {',
        '  Module',
        '} from "gatewire"',
        'import { Other } from "./other.ts"',
        '',
        '@Module({ controllers: [Other] })',
        'export class AppModule {}',
      ].join('\n'),
    );
    expect(edited).toContain(
      'import { Other } from "./other.ts"\nimport { NewController } from "./new/new.controller.ts"\n\n@Module',
    );
  });

  it('imports it at the top where nothing is imported', () => {
    expect(edit('@Module({})\nclass A {}')).toMatch(
      /^import \{ NewController \} from '\.\/new\/new\.controller';\n\n@Module/,
    );
  });

  it('keeps an import of the class that is there', () => {
    const source = `import { NewController } from './new/new.controller.js';\n@Module({})\nclass A {}`;
    expect(edit(source).match(/import/g)).toHaveLength(1);
  });

  it.each([`import { NewController } from './elsewhere';\n`, 'class NewController {}\n'])(
    'refuses where the name means something else: %j',
    line => {
      expect(() => edit(`${line}@Module({})\nclass A {}`)).toThrow(
        'the name NewController is taken there already',
      );
    },
  );
});
