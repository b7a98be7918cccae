import 'reflect-metadata';
import { Transform, Type } from 'class-transformer';
import { IsArray, IsInt, IsObject, IsOptional, IsString, ValidateIf, ValidateNested } from 'class-validator';
import { describe, expect, it } from 'vitest';
import type { ValidationOptions } from '../../../../lib/validation/validation.ts';
import { compare } from '../differential/compare.ts';
import { agree } from './agree.ts';

const OPTIONS: readonly ValidationOptions[] = [
  {},
  { whitelist: false },
  { forbidNonWhitelisted: true },
  { forbidUnknownValues: false },
  { skipMissingProperties: true },
];

abstract class Pet {}

class Cat extends Pet {
  @IsInt() lives!: number;
}

class Dog extends Pet {
  @IsString() bark!: string;
  @IsOptional() @IsString() kind?: string;
}

const PETS = [
  { kind: 'cat', lives: 1 },
  { kind: 'cat', lives: 'x' },
  { kind: 'dog', bark: 'w' },
  { kind: 'none' },
  {},
  { lives: 1 },
  { lives: 1, q: 1 },
  null,
  5,
  'cat',
  [],
  [{ kind: 'dog', bark: '' }],
  { kind: {} },
];

const subTypes = [
  { name: 'cat', value: Cat },
  { name: 'dog', value: Dog },
];

describe('a discriminator', () => {
  class Removed {
    @ValidateNested() @Type(() => Pet as never, { discriminator: { property: 'kind', subTypes } }) pet?: Pet;
    @IsOptional()
    @IsArray()
    @ValidateNested({ each: true })
    @Type(() => Pet as never, { discriminator: { property: 'kind', subTypes } })
    pets?: Pet[];
  }

  class Kept {
    @ValidateNested()
    @Type(() => Pet as never, {
      keepDiscriminatorProperty: true,
      discriminator: { property: 'kind', subTypes },
    })
    pet?: Pet;
  }

  const values = PETS.flatMap(pet => [{ pet }, { pets: [pet] }, { pets: [[pet]] }, { pets: pet }]);

  it('chooses the class, whose name is removed or kept', () => {
    for (const options of OPTIONS) {
      const before = structuredClone(values);
      agree(Removed, values, options);
      const { differences } = compare({ type: Kept, options, values });
      expect(differences).toEqual([]);
      expect(values).toEqual(before);
    }
    expect(agree(Kept, [{ pet: PETS[0] }, { pet: PETS[2] }]).missed).toBe(0);
    expect(agree(Removed, [{ pet: PETS[0] }, { pets: [PETS[0], PETS[2]] }]).missed).toBe(0);
  });

  it('is left to the libraries where its names are no texts', () => {
    class Dto {
      @ValidateNested()
      @Type(() => Pet as never, {
        discriminator: { property: 'kind', subTypes: [{ name: 1 as never, value: Cat }] },
      })
      pet!: Pet;
    }
    const { reasons, differences } = compare({
      type: Dto,
      options: {},
      values: [{ pet: { kind: 1, lives: 1 } }],
    });
    expect(differences).toEqual([]);
    expect(reasons).toEqual(['pet: a discriminator whose names are no texts']);
  });
});

describe('a collection', () => {
  class Dto {
    @ValidateNested() @Type(() => Cat) map?: Map<string, Cat>;
    @IsOptional() @ValidateNested({ each: true }) @Type(() => Cat) set?: Set<Cat>;
    @IsOptional() @Type(() => Number) @IsInt({ each: true }) numbers?: Map<string, number>;
    @IsOptional() @Type(() => String) @IsString({ each: true }) @IsObject({ each: true }) texts?: Set<string>;
  }

  it('is built of what it holds, and each element is checked', () => {
    const values = PETS.flatMap(pet => [
      { map: pet },
      { map: { a: pet } },
      { map: { size: pet, toString: pet, a: { lives: 1 } } },
      { map: { a: [pet] } },
      { set: [pet] },
      { set: [[pet]] },
      { set: pet },
    ]);
    const others = [
      { numbers: { a: 1, b: '2' } },
      { numbers: { a: 'x' } },
      { numbers: [1, '2'] },
      { numbers: 5 },
    ];
    for (const options of OPTIONS) agree(Dto, [...values, ...others, { texts: ['a', 'a', 'b'] }], options);
    const good = [{ map: { a: { lives: 1 }, b: { lives: 2 } } }, { set: [{ lives: 1 }] }, others[0]];
    expect(agree(Dto, good).missed).toBe(0);
  });
});

describe('@ValidateNested()', () => {
  it('under @ValidateIf() judges where that says so', () => {
    class Dto {
      @IsOptional() @IsInt() on?: number;
      @ValidateIf(({ on }) => on === 1) @ValidateNested() @Type(() => Cat) cat?: Cat | null;
    }
    const cats = [{ lives: 1 }, { lives: 'x' }, null, 5, undefined, []];
    const values = cats.flatMap(cat => [{ on: 0, cat }, { on: 1, cat }, { cat }]);
    for (const options of OPTIONS) agree(Dto, JSON.parse(JSON.stringify(values)), options);
    expect(agree(Dto, [{ on: 1, cat: { lives: 1 } }, {}, { on: 0, cat: null }]).missed).toBe(0);
  });

  it('judges what a @Transform() made', () => {
    class Parsed {
      @Transform(({ value }) =>
        typeof value === 'string' ? Object.assign(new Cat(), JSON.parse(value)) : value,
      )
      @ValidateNested()
      cat?: Cat;
    }
    class Changed {
      @Transform(({ value }) => Object.assign(value, { lives: value.lives - 1 || 'none' }))
      @Type(() => Cat)
      @ValidateNested()
      cat?: Cat;
    }
    const texts = [
      { cat: '{"lives":1}' },
      { cat: '{"lives":"x"}' },
      { cat: '[' },
      { cat: '{"lives":1,"q":1}' },
    ];
    for (const options of OPTIONS) {
      agree(Parsed, [...texts, {}, { cat: { lives: 1 } }, { cat: 5 }, { cat: null }], options);
      agree(Changed, [{ cat: { lives: 2 } }, { cat: { lives: 1 } }, { cat: { lives: 'x' } }, {}], options);
    }
  });

  it('is not needed for a class to be built', () => {
    class Dto {
      @IsObject() @Type(() => Cat) cat!: Cat;
      @IsOptional() @IsArray() @Type(() => Cat) cats?: Cat[];
    }
    const values = [{ cat: { lives: 'x', more: {} } }, { cat: 5 }, { cat: {}, cats: [{ lives: 1 }, 5] }];
    for (const options of OPTIONS) expect(agree(Dto, values, options).missed).toBe(0);
  });
});
