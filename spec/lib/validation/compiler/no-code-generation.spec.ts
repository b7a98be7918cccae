import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const SCRIPT = `
  import 'reflect-metadata';
  import { IsInt } from 'class-validator';
  import { Validation } from './lib/validation/validation.ts';
  class Dto { id; }
  IsInt()(Dto.prototype, 'id');
  try { new Function(''); console.log('generates code'); } catch (error) { console.log(error.name); }
  const validation = new Validation();
  await validation.load();
  const { validate } = validation.json(Dto);
  console.log(JSON.stringify([validate({ id: 1 }), validate({ id: 'a' }), validation.report()[0].compiled]));
`;

describe('a process that may not generate code', () => {
  it('compiles into closures', async () => {
    const root = join(import.meta.dirname, '../../../..');
    const child = Bun.spawn([process.execPath, '--disallow-code-generation-from-strings', '-e', SCRIPT], {
      cwd: root,
      stderr: 'pipe',
    });
    const [name, result] = (await new Response(child.stdout).text()).trim().split('\n');
    expect(name).toBe('EvalError');
    expect(JSON.parse(result ?? '')).toEqual([
      { id: 1 },
      { issues: [{ path: 'id', rule: 'isInt', message: 'id must be an integer number' }] },
      true,
    ]);
  });
});
