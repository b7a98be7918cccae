import 'reflect-metadata';
import { cp, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../lib/errors.ts';
import { loadClassLibraries } from '../../../lib/validation/class-libraries.ts';
import { Validation } from '../../../lib/validation/validation.ts';

describe('loadClassLibraries', () => {
  it('finds the store that class-transformer’s decorators write to', async () => {
    const { transformer, types } = await loadClassLibraries();
    class Dto {}
    transformer.Type(() => Date)(Dto.prototype, 'at');
    expect(types.findTypeMetadata(Dto, 'at').typeFunction()).toBe(Date);
  });

  it('refuses a second copy in the application', async () => {
    const directory = await realpath(await mkdtemp(join(tmpdir(), 'gatewire-')));
    const copy = join(directory, 'node_modules/class-transformer');
    await Bun.write(join(copy, 'package.json'), '{"name":"class-transformer","main":"index.js"}');
    await Bun.write(join(copy, 'index.js'), '');
    const error = await loadClassLibraries(directory).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect((error as ConfigurationError).code).toBe('GATEWIRE_MISSING_PACKAGE');
    expect((error as ConfigurationError).message).toBe(
      'Validation of DTO classes: class-transformer is installed twice, so one copy does not see the decorators of ' +
        `the other (got ${Bun.resolveSync('class-transformer', import.meta.dirname)} and ${join(copy, 'index.js')}). ` +
        'Keep one copy: npm ls class-transformer shows who asks for which version [GATEWIRE_MISSING_PACKAGE]',
    );
  });

  it('says what to install when a package is missing', async () => {
    const directory = await realpath(await mkdtemp(join(tmpdir(), 'gatewire-')));
    const root = join(import.meta.dirname, '../../..');
    await cp(join(root, 'lib/validation'), join(directory, 'lib/validation'), { recursive: true });
    await cp(join(root, 'lib/errors.ts'), join(directory, 'lib/errors.ts'));
    const script =
      "import { loadClassLibraries } from './lib/validation/class-libraries.ts'; await loadClassLibraries();";
    await Bun.write(join(directory, 'main.ts'), script);
    const child = Bun.spawn([process.execPath, '--no-install', 'main.ts'], {
      cwd: directory,
      stderr: 'pipe',
    });
    expect(await new Response(child.stderr).text()).toMatch(
      /Validation of DTO classes: class-validator and class-transformer cannot be loaded \(got .*\)\. Run npm install class-validator@0\.15 class-transformer@0\.5 \[GATEWIRE_MISSING_PACKAGE\]/,
    );
    expect(await child.exited).toBe(1);
  });

  it('is needed before a DTO class is given', () => {
    expect(() => new Validation().json(class {})).toThrow(
      'Validation.load() was not awaited before a DTO class was given',
    );
  });
});
