import 'reflect-metadata';
import { Transform, Type } from 'class-transformer';
import { IsArray, IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { compare } from '../differential/compare.ts';

function agree(type: new () => object, values: readonly unknown[], isText = false) {
  for (const options of [{}, { forbidNonWhitelisted: true }, { whitelist: false }]) {
    const { differences, reasons, missed } = compare({ type, options, values, isText });
    expect({ differences, reasons }).toEqual({ differences: [], reasons: [] });
    if (!isText) expect(missed).toBe(0);
  }
}

class Parent {
  @Transform(({ value }) => `${value}<`) @IsString() name!: string;
}

class Child extends Parent {
  @Transform(({ value }) => `${value}>`) declare name: string;
}

describe('@Transform()', () => {
  it('runs on the converted value, those of the ancestors first, only where the key is present', () => {
    class Dto {
      @IsOptional() @Type(() => Number) @Transform(({ value }) => value + 1) @IsInt() n = 5;
    }
    agree(Dto, [{}, { n: '1' }, { n: 'x' }, { n: null }]);
    agree(Child, [{ name: 'a' }, {}]);
  });

  it('gets what class-transformer passes on, undeclared neighbours included', () => {
    const seen: unknown[] = [];
    class Inner {
      @Transform(given => {
        seen.push({ ...given, hidden: given.obj.hidden });
        return given.obj.hidden;
      })
      @IsInt()
      id!: number;
    }
    class Dto {
      @IsOptional() @ValidateNested() @Type(() => Inner) inner?: Inner;
    }
    compare({ type: Dto, options: {}, values: [{ inner: { id: 1, hidden: 2 } }] });
    expect(seen.length).toBeGreaterThan(2);
    for (const given of seen) expect(given).toEqual(seen[0]);
  });

  it('may give nothing, which overwrites the default', () => {
    class Dto {
      @Transform(() => undefined) @IsString() name = 'default';
      @Transform(() => undefined) @IsOptional() @IsString() other?: string;
    }
    agree(Dto, [{ name: 'a', other: 'b' }, {}]);
  });

  it('may give what no JSON holds', () => {
    class Dto {
      @Transform(({ value }) => new Set(value)) @IsString({ each: true }) tags!: Set<string>;
    }
    const values = [{ tags: ['a', 'b'] }, { tags: [1] }, { tags: [] }];
    expect(compare({ type: Dto, options: {}, values }).differences).toEqual([]);
  });

  it('reads a text as it was sent', () => {
    class Dto {
      @Transform(({ value, obj }) => [value, obj.other].join()) @IsString() name!: string;
      @Transform(({ value }) => String(value).split(',')) @IsArray() tags!: string[];
    }
    agree(Dto, [{ name: 'a', other: 'b', tags: 'x,y' }, { name: ['a'] }], true);
  });
});
