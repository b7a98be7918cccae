import 'reflect-metadata';
import {
  Allow,
  IsBoolean,
  IsDefined,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Matches,
  MinLength,
  registerDecorator,
  Validate,
  ValidateIf,
  type ValidationArguments,
  ValidatorConstraint,
} from 'class-validator';
import { describe, expect, it } from 'vitest';
import { compare } from '../differential/compare.ts';
import { agree } from './agree.ts';

describe('rules', () => {
  it('of a redeclared property drop the ordinary ones of the parent, and keep IsOptional, IsDefined and nesting', () => {
    class Parent {
      @IsOptional() @IsString() @MinLength(3) name?: string;
      @IsDefined() @IsInt() id!: number;
    }
    class Child extends Parent {
      @IsIn(['x', 5]) declare name?: string;
      @Allow() declare id: number;
    }
    const values = [
      { id: 1 },
      { name: 'x', id: 1 },
      { name: 5, id: 1 },
      { name: 'abc', id: 1 },
      { name: null },
    ];
    expect(agree(Child, values).accepted).toBe(3);
    agree(Parent, values);
  });

  it('run with groups, always and strictGroups as they are chosen', () => {
    class Dto {
      @IsString({ groups: ['a'] }) one!: string;
      @IsInt({ groups: ['b'] }) two!: number;
      @IsBoolean({ always: true }) three!: boolean;
      @IsString() four!: string;
    }
    const values = [
      { one: 'x', two: 1, three: true, four: 'x' },
      { one: 1, two: 'x', three: true, four: 1 },
      {},
    ];
    for (const groups of [undefined, [], ['a'], ['b'], ['a', 'b']]) {
      for (const flags of [{}, { always: true }, { strictGroups: true }]) {
        agree(Dto, values, { ...(groups && { groups }), ...flags });
      }
    }
  });

  it('are reported bottom-up, integer names first, and the upper of two with one name wins', () => {
    class Dto {
      @Matches(/a/, { message: 'upper' }) @Matches(/b/, { message: 'lower' }) @IsString() b!: string;
      @IsInt() 10!: number;
      @IsInt() 2!: number;
    }
    agree(Dto, [{}, { b: 'a', 10: 'x', 2: 1 }, { b: 'c' }, { b: 5 }]);
  });

  it('for each element let a bare scalar and an empty list pass', () => {
    class Dto {
      @IsString({ each: true }) tags!: unknown;
    }
    expect(agree(Dto, [{ tags: 'x' }, { tags: [] }, { tags: ['a', 1] }, { tags: {} }, {}]).accepted).toBe(2);
  });

  it('of IsDefined ignore what is skipped, and honour each', () => {
    class Dto {
      @IsDefined({ each: true }) @IsInt({ each: true }) ids!: unknown;
    }
    const values = [{}, { ids: null }, { ids: [1] }, { ids: [null] }, { ids: [undefined] }, { ids: ['a'] }];
    for (const skip of ['skipMissingProperties', 'skipNullProperties', 'skipUndefinedProperties']) {
      agree(Dto, values, { [skip]: true });
    }
  });

  it('that call a constraint get class-validator’s own arguments', () => {
    const seen: unknown[] = [];
    class Dto {
      @Spy(seen) name!: string;
      @IsInt() id!: number;
    }
    agree(Dto, [{ name: 'a', id: 1 }]);
    const [library, ...compiled] = seen;
    for (const asked of compiled) expect(asked).toEqual(library);
  });

  it('under ValidateIf and validateIf look at the instance', () => {
    class Dto {
      @ValidateIf(({ kind }) => kind === 'a') @IsInt() a!: unknown;
      @IsString({ validateIf: ({ kind }) => kind === 'b' }) b!: unknown;
      @Allow() kind!: string;
    }
    const one = [undefined, 'a', 'b'].flatMap(kind => [
      { kind },
      { kind, a: 1 },
      { kind, a: {} },
      { kind, b: 'x' },
      { kind, b: [] },
    ]);
    agree(Dto, one);
  });

  it('are checked by class-validator alone where a sticky RegExp remembers', () => {
    class Dto {
      @Matches(/a/y) name!: string;
    }
    expect(compare({ type: Dto, options: {}, values: [] }).reasons[0]).toContain('sticky');
  });
});

describe('a decorator of the user’s own', () => {
  it('with the name of another is asked itself', () => {
    class Dto {
      @Shout('isString', '$property must be a string') a!: unknown;
      @Shout('isInt', 'no') b!: unknown;
    }
    expect(
      agree(Dto, [
        { a: 'a', b: 1 },
        { a: 'A!', b: 'B!' },
        { a: 'A!', b: 1 },
      ]).accepted,
    ).toBe(1);
  });

  it('without @ValidatorConstraint() is ignored, as class-validator ignores it', () => {
    class Nothing {
      validate() {
        return false;
      }
    }
    class Dto {
      @Validate(Nothing as never) a!: unknown;
    }
    agree(Dto, [{ a: 1 }, {}]);
  });

  it('that throws is the libraries’ to answer', () => {
    class Dto {
      @IsNumber({ maxDecimalPlaces: 2 }) price!: number;
      @Validate(Thrower) name!: string;
    }
    agree(Dto, [{ price: 1e-7, name: 'a' }, { price: 1, name: 'a' }, { price: 1 }]);
  });
});

function Spy(seen: unknown[]): PropertyDecorator {
  const validate = (_: unknown, { object, ...rest }: ValidationArguments) => {
    seen.push({ object: { ...object }, name: object.constructor.name, ...rest });
    return true;
  };
  return own('spy', { validate });
}

/** Lets loud texts pass only. */
function Shout(name: string, text: string): PropertyDecorator {
  return own(name, { validate: (value: unknown) => String(value).endsWith('!'), defaultMessage: () => text });
}

interface Own {
  validate(value: unknown, asked: ValidationArguments): boolean;
  defaultMessage?(): string;
}

function own(name: string, validator: Own): PropertyDecorator {
  return (target, property) => {
    const propertyName = property as string;
    registerDecorator({ name, target: target.constructor, propertyName, validator: validator as never });
  };
}

@ValidatorConstraint({ name: 'thrower' })
class Thrower {
  validate(value: string) {
    return value.length > 0;
  }
}
