import 'reflect-metadata';
import { Exclude, Expose, Transform, Type } from 'class-transformer';
import {
  IsDate,
  IsEmail,
  IsInt,
  IsOptional,
  IsString,
  ValidateBy,
  ValidateNested,
  type ValidationArguments,
} from 'class-validator';
import { describe, expect, it } from 'vitest';
import { loadClassLibraries } from '../../../../lib/validation/class-libraries.ts';
import { ClassMetadata } from '../../../../lib/validation/class-metadata.ts';
import { MISS } from '../../../../lib/validation/compiler/plan.ts';
import { DtoShapes } from '../../../../lib/validation/dto-shapes.ts';
import { OutgoingCompiler } from '../../../../lib/validation/outgoing/outgoing-compiler.ts';
import { resolveOptions } from '../../../../lib/validation/validation-options.ts';
import type { Class } from '../../../../lib/validation/validator.ts';

const libraries = await loadClassLibraries();
const options = resolveOptions({});
const metadata = new ClassMetadata(libraries, options);
const context = { libraries, metadata, shapes: new DtoShapes(metadata), options };

class Tag {
  @IsString() label!: string;
}

class User {
  @IsInt() id!: number;
  @Expose({ name: 'user_name' }) @IsString() name!: string;
  @IsString() @Exclude() password = 'x';
  @IsOptional() @IsDate() born?: Date;
  @IsOptional()
  @IsDate()
  @Transform(({ value }) => value?.getTime(), { toPlainOnly: true })
  at?: Date;
  @IsOptional() @ValidateNested({ each: true }) @Type(() => Tag) tags?: Tag[];
  @Expose() get shout(): string {
    return this.name.toUpperCase();
  }
}

describe.each([
  ['code', false],
  ['closures', true],
])('the compiled check of what is sent, as %s', (_, usesClosures) => {
  const compile = (type: Class) => new OutgoingCompiler(context, { usesClosures }).compile(type);

  it('decides about plain objects, instances and objects of other classes itself', () => {
    const { build, reason } = compile(User);
    const value = {
      id: 1,
      name: 'ada',
      at: new Date(5),
      born: new Date(7),
      tags: [{ label: 'a', x: 1 }],
      x: 2,
    };
    const sent = { id: 1, user_name: 'ada', at: 5, born: new Date(7), tags: [{ label: 'a' }], shout: 'ADA' };
    expect(reason).toBeNull();
    for (const given of [
      value,
      Object.assign(new User(), value),
      Object.assign(new (class Row {})(), value),
    ]) {
      expect(build(given, 0)).toEqual(sent);
    }
    expect(build({ id: 1, name: 'ada' }, 0)).toEqual({ id: 1, user_name: 'ada', shout: 'ADA' });
    expect(value.tags).toEqual([{ label: 'a', x: 1 }]);
  });

  it('leaves to the libraries what does not fit, and what only they can tell', () => {
    const { build } = compile(User);
    class Admin extends User {}
    const user = { id: 1, name: 'ada' };
    for (const value of [
      { ...user, id: 'x' },
      { ...user, tags: [{}] },
      { ...user, tags: new Set([{ label: 'a' }]) },
      Object.assign(new Admin(), user),
      [user],
      null,
      'a',
    ]) {
      expect(build(value, 0)).toBe(MISS);
    }
  });

  it('reads the getters of an entity with private fields, once', () => {
    let reads = 0;
    class Account {
      #balance = 5;
      @IsInt() get balance(): number {
        reads++;
        return this.#balance;
      }
    }
    expect(compile(Account).build(new Account(), 0)).toEqual({ balance: 5 });
    expect(reads).toBe(1);
  });

  it('shows an instance to constraints that look at it, and makes none for others', () => {
    let made = 0;
    const seen: unknown[] = [];
    class Shown {
      constructor() {
        made++;
      }
      @IsEmail() mail!: string;
      @ValidateBy({
        name: 'look',
        validator: { validate: (_, asked) => seen.push((asked as ValidationArguments).object) > 0 },
      })
      name!: string;
    }
    class Unseen {
      constructor() {
        made++;
      }
      @IsEmail() mail!: string;
    }
    const shown = compile(Shown).build;
    const unseen = compile(Unseen).build;
    made = 0;
    expect(unseen({ mail: 'a@example.com' }, 0)).toEqual({ mail: 'a@example.com' });
    expect(made).toBe(0);
    expect(shown({ mail: 'a@example.com', name: 'a', hidden: 1 }, 0)).toEqual({
      mail: 'a@example.com',
      name: 'a',
    });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toBeInstanceOf(Shown);
    expect(seen[0]).toHaveProperty('hidden', 1);
  });

  it('is given up, for the classes that hold it too, once a constraint answers with a promise', () => {
    class Slow {
      @ValidateBy({ name: 'slow', validator: { validate: () => Promise.resolve(true) } }) name!: string;
    }
    class Holder {
      @ValidateNested() @Type(() => Slow) slow!: Slow;
    }
    const compiler = new OutgoingCompiler(context, { usesClosures });
    const holder = compiler.compile(Holder);
    expect(holder.reason).toBeNull();
    expect(holder.build({ slow: { name: 'a' } }, 0)).toBe(MISS);
    expect(holder.reason).toBe('Slow: a constraint answers with a promise');
    expect(compiler.classes.map(({ reasons }) => reasons)).toEqual([
      ['when it is sent: Slow: a constraint answers with a promise'],
      ['when it is sent: a constraint answers with a promise'],
    ]);
  });

  it('leaves a class to the libraries whose rules look at the objects below it, of which those see copies', () => {
    class Holder {
      @IsDate() @ValidateNested() @Type(() => Tag) tag!: Tag;
    }
    expect(compile(Holder).reason).toBe('tag: @ValidateNested() with rules that look at the object');
  });

  it('compiles classes that hold each other', () => {
    class Tree {
      @IsInt() id!: number;
      @IsOptional() @ValidateNested({ each: true }) @Type(() => Tree) below?: Tree[];
    }
    const tree = {
      id: 1,
      below: [
        { id: 2, below: [] },
        { id: 3, x: 1 },
      ],
    };
    const { build } = compile(Tree);
    expect(build(tree, 0)).toEqual({ id: 1, below: [{ id: 2, below: [] }, { id: 3 }] });
    const circle: Record<string, unknown> = { id: 1 };
    circle.below = [circle];
    expect(build(circle, 0)).toBe(MISS);
  });
});
