import 'reflect-metadata';
import { Expose, Transform, Type } from 'class-transformer';
import {
  Allow,
  ArrayMaxSize,
  IsDate,
  IsDefined,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  MaxLength,
  MinLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { beforeAll, describe, expect, it } from 'vitest';
import { Invalid } from '../../../lib/errors.ts';
import { Validation, type ValidationOptions, type ValueType } from '../../../lib/validation/validation.ts';

class Author {
  @IsString() @MinLength(1) name!: string;
  @IsInt() @IsOptional() age?: number;
}

class Post {
  @IsString() @MaxLength(10) title!: string;
  @IsDefined() @ValidateNested() @Type(() => Author) author!: Author;
  @IsOptional() @ValidateNested({ each: true }) @Type(() => Author) others?: Author[];
  @IsString({ each: true }) tags: string[] = ['none'];
}

const libraries = new Validation();
beforeAll(() => libraries.load());

async function json(type: ValueType, value: unknown, options: ValidationOptions = {}): Promise<unknown> {
  const validation = new Validation(options);
  await validation.load();
  return validation.json(type).validate(value);
}

async function issues(type: ValueType, value: unknown, options: ValidationOptions = {}) {
  const result = await json(type, value, options);
  if (!(result instanceof Invalid)) throw new Error(`expected Invalid, got ${JSON.stringify(result)}`);
  return result.issues;
}

describe('Validation.json with a DTO class', () => {
  it('gives an instance with its nested instances and defaults', async () => {
    const post = (await json(Post, { title: 'a', author: { name: 'b' } })) as Post;
    expect(post).toBeInstanceOf(Post);
    expect(post.author).toBeInstanceOf(Author);
    expect(post).toEqual({ title: 'a', author: { name: 'b' }, tags: ['none'] } as never);
  });

  it('answers at once, without a promise', () => {
    expect(libraries.json(Post).validate({ title: 'a', author: { name: 'b' } })).toBeInstanceOf(Post);
    expect(libraries.json(Post).validate({})).toBeInstanceOf(Invalid);
  });

  it('gives a list of instances for [Dto], and puts the index first in the paths', async () => {
    const list = (await json([Author], [{ name: 'a' }, { name: 'b' }])) as Author[];
    expect(list.every(author => author instanceof Author)).toBe(true);
    expect(await issues([Author], [{ name: 'a' }, { name: '' }, null])).toEqual([
      { path: '1.name', rule: 'minLength', message: 'name must be longer than or equal to 1 characters' },
      { path: '2', rule: 'isObject', message: 'must be an object' },
    ]);
    expect(await issues([Author], { name: 'a' })).toEqual([
      { path: '', rule: 'isArray', message: 'must be an array' },
    ]);
  });

  it('reports in the order of the class, with dotted paths', async () => {
    const value = { tags: [1], others: [{ name: 'a' }, { name: 1 }], author: {}, title: 'much too long' };
    expect(await issues(Post, value)).toEqual([
      { path: 'title', rule: 'maxLength', message: 'title must be shorter than or equal to 10 characters' },
      {
        path: 'author.name',
        rule: 'minLength',
        message: 'name must be longer than or equal to 1 characters',
      },
      { path: 'author.name', rule: 'isString', message: 'name must be a string' },
      {
        path: 'others.1.name',
        rule: 'minLength',
        message: 'name must be longer than or equal to 1 characters',
      },
      { path: 'others.1.name', rule: 'isString', message: 'name must be a string' },
      { path: 'tags', rule: 'isString', message: 'each value in tags must be a string' },
    ]);
  });

  it.each([[null], [undefined], [5], ['text'], [true], [[]], [[{ title: 'a' }]]])(
    'refuses %j where an object is due',
    async value => {
      expect(await issues(Post, value)).toEqual([
        { path: '', rule: 'isObject', message: 'must be an object' },
      ]);
    },
  );

  it('refuses a list where one nested DTO is declared', async () => {
    for (const author of [[], [{ name: 'a' }]]) {
      expect(await issues(Post, { title: 'a', author })).toEqual([
        { path: 'author', rule: 'isObject', message: 'must be an object' },
      ]);
    }
  });

  it('refuses scalars and null among nested DTOs', async () => {
    const found = await issues(Post, { title: 'a', author: 5, others: [null, 'x'] });
    expect(found.map(({ path, rule }) => [path, rule])).toEqual([
      ['author', 'nestedValidation'],
      ['others.0', 'nestedValidation'],
      ['others.1', 'nestedValidation'],
    ]);
  });

  it('leaves the caller’s value as it was', async () => {
    const value = { title: 'a', extra: { deep: [1] }, author: { name: 'b', extra: 1 } };
    const before = structuredClone(value);
    await json(Post, value);
    expect(value).toEqual(before);
  });

  it('takes an object without a prototype', async () => {
    const value = Object.assign(Object.create(null), {
      title: 'a',
      author: Object.assign(Object.create(null), { name: 'b' }),
    });
    expect(await json(Post, value)).toBeInstanceOf(Post);
  });
});

describe('unknown properties', () => {
  const value = {
    title: 'a',
    role: 'admin',
    author: { name: 'b', isAdmin: true },
    others: [{ name: 'c', z: 1 }],
  };

  it('are stripped, deep', async () => {
    expect(await json(Post, value)).toEqual({
      title: 'a',
      author: { name: 'b' },
      others: [{ name: 'c' }],
      tags: ['none'],
    });
  });

  it('are issues under forbidNonWhitelisted, beside the others', async () => {
    expect(await issues(Post, { ...value, title: 5 }, { forbidNonWhitelisted: true })).toEqual([
      { path: 'role', rule: 'whitelistValidation', message: 'property role should not exist' },
      { path: 'title', rule: 'maxLength', message: 'title must be shorter than or equal to 10 characters' },
      { path: 'title', rule: 'isString', message: 'title must be a string' },
      { path: 'author.isAdmin', rule: 'whitelistValidation', message: 'property isAdmin should not exist' },
      { path: 'others.0.z', rule: 'whitelistValidation', message: 'property z should not exist' },
    ]);
  });

  it('are kept with whitelist: false', async () => {
    expect(await json(Post, value, { whitelist: false })).toMatchObject(value);
  });

  it('are readable by a @Transform() that looks at its neighbours', async () => {
    class Full {
      @Expose() @Transform(({ obj }) => `${obj.first} ${obj.last}`) @IsString() name!: string;
    }
    expect(await json(Full, { first: 'Ada', last: 'Lovelace' })).toEqual({ name: 'Ada Lovelace' });
  });

  it('do not hide what @Expose({ name }) renames', async () => {
    class Renamed {
      @Expose({ name: 'user_name' }) @IsString() userName!: string;
    }
    expect(await json(Renamed, { user_name: 'ada', other: 1 })).toEqual({ userName: 'ada' });
  });
});

describe('what class-transformer and class-validator do', () => {
  it('inherits, with redeclared properties', async () => {
    class Child extends Author {
      @IsIn(['x']) declare name: string;
    }
    expect(await json(Child, { name: 'x', age: 1 })).toBeInstanceOf(Child);
    expect((await issues(Child, { name: 'y', age: 'z' })).map(({ rule }) => rule)).toEqual(['isIn', 'isInt']);
  });

  it('keeps Map and Set properties of DTOs', async () => {
    class Holder {
      @ValidateNested() @Type(() => Author) byName!: Map<string, Author>;
      @ValidateNested() @Type(() => Author) all!: Set<Author>;
    }
    const holder = (await json(Holder, {
      byName: { a: { name: 'a', z: 1 } },
      all: [{ name: 'b', z: 1 }],
    })) as Holder;
    expect(holder.byName.get('a')).toEqual({ name: 'a' });
    expect(holder.byName.get('a')).toBeInstanceOf(Author);
    expect([...holder.all]).toEqual([{ name: 'b' }]);
    const found = await issues(Holder, { byName: { a: { name: 1 } }, all: [{}] });
    expect(new Set(found.map(({ path }) => path))).toEqual(new Set(['byName.a.name', 'all.0.name']));
  });

  it('keeps lists of lists, recursion and dates', async () => {
    class Tree {
      @IsOptional() @IsDate() @Type(() => Date) at?: Date;
      @IsOptional() @ValidateNested() @Type(() => Tree) rows?: Tree[][];
    }
    const tree = (await json(Tree, { at: '2024-05-06', rows: [[{ z: 1, rows: [] }], []] })) as Tree;
    expect(tree.at).toEqual(new Date('2024-05-06'));
    expect(tree.rows?.[0]?.[0]).toBeInstanceOf(Tree);
    expect(tree.rows).toEqual([[{ rows: [] }], []] as never);
    expect((await issues(Tree, { rows: [[{ at: 'x' }]] })).map(({ path }) => path)).toEqual(['rows.0.0.at']);
  });

  it('picks the class by a discriminator, and strips by that class', async () => {
    class Shape {
      @IsString() label!: string;
    }
    class Circle extends Shape {
      @IsInt() radius!: number;
    }
    class Box extends Shape {
      @IsInt() width!: number;
    }
    class Drawing {
      @ValidateNested({ each: true })
      @Type(() => Shape, {
        discriminator: {
          property: 'kind',
          subTypes: [
            { name: 'circle', value: Circle },
            { name: 'box', value: Box },
          ],
        },
      })
      shapes!: Shape[];
    }
    const value = {
      shapes: [
        { kind: 'circle', label: 'a', radius: 1, width: 2 },
        { kind: 'box', label: 'b', width: 2 },
      ],
    };
    const drawing = (await json(Drawing, value)) as Drawing;
    expect(drawing.shapes).toEqual([
      { label: 'a', radius: 1 },
      { label: 'b', width: 2 },
    ] as never);
    expect(drawing.shapes[0]).toBeInstanceOf(Circle);
    expect(value.shapes[0]?.kind).toBe('circle');
    expect((await issues(Drawing, { shapes: [{ kind: 'box', label: 'b' }] }))[0]?.path).toBe(
      'shapes.0.width',
    );
    expect(await json(Drawing, value, { forbidNonWhitelisted: true })).toBeInstanceOf(Invalid);
  });

  it('leaves a dynamic @Type() to the libraries', async () => {
    class One {
      @IsInt() one!: number;
    }
    class Dynamic {
      @ValidateNested() @Type(help => (help?.object.isOne ? One : Author)) value!: One | Author;
      @Allow() isOne!: boolean;
    }
    expect(await json(Dynamic, { isOne: true, value: { one: 1, name: 'x' } })).toEqual({
      isOne: true,
      value: { one: 1 },
    });
    expect(await json(Dynamic, { isOne: false, value: { one: 1, name: 'x' } })).toEqual({
      isOne: false,
      value: { name: 'x' },
    });
  });

  it('hands a free object over whole', async () => {
    class Free {
      @IsObject() meta!: Record<string, unknown>;
    }
    expect(await json(Free, { meta: { a: [{ b: null }] } })).toEqual({ meta: { a: [{ b: null }] } });
  });

  it('honours groups', async () => {
    class Grouped {
      @IsString({ groups: ['create'] }) name!: string;
      @IsInt({ groups: ['update'] }) id!: number;
      @IsInt({ always: true }) version!: number;
    }
    expect(await json(Grouped, { name: 'a', version: 1, id: 'x' }, { groups: ['create'] })).toEqual({
      name: 'a',
      version: 1,
    });
    expect((await issues(Grouped, { name: 1, id: 1, version: 1 }, { groups: ['create'] }))[0]?.path).toBe(
      'name',
    );
    expect(await json(Grouped, { version: 1 }, { strictGroups: true })).toEqual({ version: 1 });
  });

  it('gives the checked plain value with transform: false', async () => {
    const result = await json(Post, { title: 'a', extra: 1, author: { name: 'b' } }, { transform: false });
    expect(result).toEqual({ title: 'a', author: { name: 'b' } });
    expect(result).not.toBeInstanceOf(Post);
  });

  it('passes the other options on', async () => {
    expect(await json(Author, {}, { skipMissingProperties: true })).toBeInstanceOf(Author);
    expect(await issues(Author, { name: 5 }, { stopAtFirstError: true })).toHaveLength(1);
    expect(await issues(Author, { name: 5 }, { disableErrorMessages: true })).toEqual([]);
    expect((await issues(Author, { name: 5 }, { dismissDefaultMessages: true }))[0]?.message).toBe(
      'name is not valid',
    );
  });

  it('builds no more elements than @ArrayMaxSize() allows', async () => {
    let made = 0;
    class Item {
      @IsInt() id!: number;
      constructor() {
        made++;
      }
    }
    class Order {
      @ArrayMaxSize(3) @ValidateNested() @Type(() => Item) items!: Item[];
    }
    const items = Array.from({ length: 6000 }, () => ({ id: 1 }));
    expect(await issues(Order, { items })).toEqual([
      { path: 'items', rule: 'arrayMaxSize', message: 'items must contain no more than 3 elements' },
    ]);
    expect(made).toBeLessThan(10);
    expect(await json(Order, { items: items.slice(0, 3) })).toBeInstanceOf(Order);
  });

  it('builds them all where the rule depends on more than the length', async () => {
    class Conditional {
      @ValidateIf(() => false) @ArrayMaxSize(1) list!: number[];
    }
    class Shortened {
      @Transform(({ value }) => [...new Set(value)]) @ArrayMaxSize(2) list!: number[];
    }
    const list = [1, 1, 1, 2];
    expect(await json(Conditional, { list })).toEqual({ list });
    expect(await json(Shortened, { list })).toEqual({ list: [1, 2] });
  });
});
