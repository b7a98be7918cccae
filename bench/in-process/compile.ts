import 'reflect-metadata';
import { Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { IsInt, IsOptional, IsString, Length, Matches, Min } from 'class-validator';
import { z } from 'zod';
import { Validation } from '../../lib/validation/validation.ts';
import type { InProcessReport } from '../works/in-process.ts';
import { cpuOf } from './cpu.ts';

const BATCH = 25;
/** class-validator looks through every class that there is for each one, so this is an application of 300. */
const MOST_ROUNDS = 12;

/** Makes validators of classes that no two are alike of, some at a time, and checks one value with each. */
export async function measureCompile(rounds: number): Promise<InProcessReport['compile']> {
  const validation = new Validation();
  await validation.load();
  const makers = [
    { title: '**Gatewire**, a class of 5 properties', prepare: () => compileWith(validation) },
    { title: 'TypeBox `TypeCompiler.Compile`', prepare: compileTypeBox },
    { title: 'zod, its first parse', prepare: compileZod },
  ];
  const figures = makers.map(({ title }) => ({ title, figures: [] as number[] }));
  for (let round = 0; round < Math.min(rounds, MOST_ROUNDS); round++) {
    for (const [at, { prepare }] of makers.entries()) {
      const runs = Array.from({ length: BATCH }, () => prepare());
      const cost = cpuOf(() => {
        for (const run of runs) run();
      });
      figures[at]?.figures.push(cost / BATCH);
    }
  }
  return figures;
}

let made = 0;

/** Names of five properties that no other class has, and a value for them. */
function newNames() {
  made++;
  const names = ['text', 'room', 'seq', 'user', 'note'].map(name => `${name}${made}`);
  const [text, room, seq, user, note] = names as [string, string, string, string, string];
  return {
    text,
    room,
    seq,
    user,
    note,
    value: { [text]: 'hello', [room]: 'lobby', [seq]: 1, [user]: 'ada' },
  };
}

function compileWith(validation: Validation): () => void {
  const { text, room, seq, user, note, value } = newNames();
  class Dto {}
  const rules: [string, PropertyDecorator[]][] = [
    [text, [IsString(), Length(1, 500)]],
    [room, [Matches(/^[a-z0-9-]{1,32}$/)]],
    [seq, [IsInt(), Min(0)]],
    [user, [IsString(), Length(1, 40)]],
    [note, [IsOptional(), IsString()]],
  ];
  for (const [name, decorators] of rules) {
    for (const decorate of decorators) decorate(Dto.prototype, name);
  }
  return () => {
    if (!(validation.json(Dto).validate(value) instanceof Dto)) throw new Error('a valid value was refused');
  };
}

function compileTypeBox(): () => void {
  const { text, room, seq, user, note, value } = newNames();
  const schema = Type.Object({
    [text]: Type.String({ minLength: 1, maxLength: 500 }),
    [room]: Type.String({ pattern: '^[a-z0-9-]{1,32}$' }),
    [seq]: Type.Integer({ minimum: 0 }),
    [user]: Type.String({ minLength: 1, maxLength: 40 }),
    [note]: Type.Optional(Type.String()),
  });
  return () => {
    if (!TypeCompiler.Compile(schema).Check(value)) throw new Error('a valid value was refused');
  };
}

function compileZod(): () => void {
  const { text, room, seq, user, note, value } = newNames();
  const schema = z.object({
    [text]: z.string().min(1).max(500),
    [room]: z.string().regex(/^[a-z0-9-]{1,32}$/),
    [seq]: z.number().int().min(0),
    [user]: z.string().min(1).max(40),
    [note]: z.string().optional(),
  });
  return () => {
    if (!schema.safeParse(value).success) throw new Error('a valid value was refused');
  };
}
