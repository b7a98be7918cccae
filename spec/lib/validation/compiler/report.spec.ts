import 'reflect-metadata';
import { Expose, Type } from 'class-transformer';
import { IsArray, IsDefined, IsInt, IsString, registerDecorator, ValidateNested } from 'class-validator';
import { describe, expect, it } from 'vitest';
import type { ValidationOptions } from '../../../../lib/validation/validation.ts';
import { Validation } from '../../../../lib/validation/validation.ts';

async function loaded(options: ValidationOptions = {}): Promise<Validation> {
  const validation = new Validation(options);
  await validation.load();
  return validation;
}

class Dynamic {
  @Type(options => (options?.object ? String : Number)) @IsString() name!: string;
}

class Holder {
  @IsDefined() @ValidateNested() @Type(() => Dynamic) dynamic!: Dynamic;
}

describe('Validation.report', () => {
  it('tells compiled classes from those that are left to the libraries, and why', async () => {
    const validation = await loaded();
    validation.json(Holder);
    expect(validation.report()).toEqual([
      { name: 'Holder', compiled: true, reasons: [], warnings: [] },
      {
        name: 'Dynamic',
        compiled: false,
        reasons: ['name: @Type() that looks at the value'],
        warnings: [],
      },
    ]);
  });

  it('lists a class once, though texts and messages treat unknown properties differently', async () => {
    const validation = await loaded({ forbidNonWhitelisted: true });
    validation.json(Holder);
    validation.text(Holder, { stripsUnknown: true });
    expect(validation.report()).toHaveLength(2);
  });

  it('warns of what lets pass or loses more than it seems to', async () => {
    class Item {
      @IsInt() id!: number;
    }
    class Order {
      @ValidateNested() @Type(() => Item) item!: Item;
      @IsString({ each: true }) tags!: string[];
      @IsArray() @IsString({ each: true }) names!: string[];
      note: string | undefined = undefined;
    }
    const validation = await loaded();
    validation.json(Order);
    expect(validation.report()[0]?.warnings).toEqual([
      'note is set by the constructor and has no decorator, so the whitelist removes it from each instance: add @Allow()',
      'item: @ValidateNested() lets an absent value pass: add @IsDefined() or @IsOptional()',
      'tags: { each: true } lets a single value pass: add @IsArray()',
    ]);
  });

  it('warns of fields without a decorator also where the class is left to the libraries', async () => {
    class Left {
      @IsString() @Expose({ name: 'a' }) @Type(given => (given ? String : String)) name!: string;
      note = '';
    }
    const warningsUnder = async (options: ValidationOptions) => {
      const validation = await loaded(options);
      validation.json(Left);
      return validation.report()[0]?.warnings;
    };
    expect(await warningsUnder({})).toEqual([
      'note is set by the constructor and has no decorator, so the whitelist removes it from each instance: add @Allow()',
    ]);
    expect(await warningsUnder({ forbidNonWhitelisted: true })).toEqual([
      'note is set by the constructor and has no decorator, so forbidNonWhitelisted refuses each message: add @Allow()',
    ]);
    expect(await warningsUnder({ whitelist: false })).toEqual([]);
  });

  it('tells classes that are sent and left to the libraries, and why', async () => {
    class Sent {
      @IsString() name!: string;
    }
    class Moved {
      @IsString() @Type(given => (given ? String : String)) name!: string;
    }
    const validation = await loaded();
    validation.outgoing(Sent);
    validation.outgoing(Moved);
    expect(validation.report()).toEqual([
      { name: 'Sent', compiled: true, reasons: [], warnings: [] },
      {
        name: 'Moved',
        compiled: false,
        reasons: ['when it is sent: name: a @Type() that looks at the value'],
        warnings: [],
      },
    ]);
  });

  it('is empty before anything is loaded, and with compile: off', async () => {
    expect(new Validation().report()).toEqual([]);
    const validation = await loaded({ compile: 'off' });
    validation.json(Holder);
    expect(validation.report()).toEqual([]);
  });

  it('says so when a constraint turns out to answer with a promise', async () => {
    class Slow {
      @Promised() name!: string;
    }
    const validation = await loaded();
    const { validate } = validation.json(Slow);
    expect(validation.report()[0]?.compiled).toBe(true);
    expect(await validate({ name: 'a' })).toEqual({ name: 'a' });
    expect(validation.report()[0]?.reasons).toEqual(['a constraint answers with a promise']);
    expect(calls).toBe(2);
    expect(await validate({ name: 'a' })).toBeInstanceOf(Slow);
    expect(calls).toBe(3);
  });
});

let calls = 0;

function Promised(): PropertyDecorator {
  return (target, property) =>
    registerDecorator({
      name: 'promised',
      target: target.constructor,
      propertyName: property as string,
      validator: {
        validate: () => {
          calls++;
          return Promise.resolve(true);
        },
      },
    });
}

describe("compile: 'require'", () => {
  it('makes a class that cannot be compiled a mistake', async () => {
    expect((await loaded({ compile: 'require' })).inspect(Holder)).toEqual([
      {
        code: 'GATEWIRE_DTO_NOT_COMPILED',
        what: "Dynamic cannot be compiled, and { compile: 'require' } was given",
        got: 'name: @Type() that looks at the value',
        fix: "Change what is named here, or leave Dynamic to class-validator with { compile: 'auto' }",
      },
    ]);
  });

  it('is satisfied by classes that can', async () => {
    class Plain {
      @IsInt() id!: number;
    }
    expect((await loaded({ compile: 'require' })).inspect(Plain)).toEqual([]);
    expect((await loaded()).inspect(Holder)).toEqual([]);
  });
});
