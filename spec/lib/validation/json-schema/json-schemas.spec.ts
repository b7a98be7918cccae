import 'reflect-metadata';
import { type as arktype } from 'arktype';
import { Expose, Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsDate,
  IsDefined,
  IsEmail,
  IsEnum,
  IsIn,
  IsInt,
  IsIP,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  registerDecorator,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { JsonSchema, jsonSchemaOf } from 'gatewire';
import * as valibot from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Validation, type ValidationOptions, type ValueType } from '../../../../lib/validation/validation.ts';

async function schemasOf(options: ValidationOptions = {}) {
  const validation = new Validation(options);
  await validation.load();
  return await validation.jsonSchemas();
}

/** The schema of each property of a class. */
async function propertiesOf(type: ValueType, options: ValidationOptions = {}) {
  const schemas = await schemasOf(options);
  schemas.of(type);
  return Object.values(schemas.definitions)[0]?.properties;
}

class Item {
  @IsString() @Length(1, 80) article!: string;
  @IsInt() @Min(1) @Max(99) quantity = 1;
}

enum Level {
  Low,
  High = 5,
}

describe('the JSON Schema of a DTO', () => {
  it('is a definition that is referred to, and holds the rules, what is required, and the defaults', async () => {
    const schemas = await schemasOf();
    expect(schemas.of(Item)).toEqual({ $ref: '#/definitions/Item' });
    expect(schemas.definitions).toEqual({
      Item: {
        type: 'object',
        properties: {
          article: {
            type: 'string',
            minLength: 1,
            anyOf: [{ maxLength: 80 }, { maxLength: 160, pattern: '[\\uFE0E\\uFE0F]' }],
          },
          quantity: { type: 'integer', minimum: 1, maximum: 99, default: 1 },
        },
        required: ['article'],
      },
    });
  });

  it('says what each kind of rule lets pass', async () => {
    class Rules {
      @MinLength(2) @Matches(/^[a-z]+$/) name!: string;
      @Matches(/^[a-z]+$/i) loud!: string;
      @IsEnum(Level) level!: Level;
      @IsOptional() @IsIn(['a', 'b']) mode?: string;
      @IsArray() @ArrayMaxSize(3) @IsString({ each: true }) tags!: string[];
      @IsString({ each: true }) oneOrMore!: string[];
      @IsOptional() @IsEmail() mail?: string;
      @IsIP(4) host!: string;
      @ArrayUnique() ids!: number[];
    }
    expect(await propertiesOf(Rules)).toEqual({
      name: { type: 'string', minLength: 2, pattern: '^[a-z]+$' },
      loud: { type: 'string', $comment: 'also /^[a-z]+$/i' },
      level: { enum: ['Low', 'High', 0, 5] },
      mode: { enum: ['a', 'b', null] },
      tags: { type: 'array', maxItems: 3, items: { type: 'string' } },
      oneOrMore: { anyOf: [{ type: 'array', items: { type: 'string' } }, { type: 'string' }] },
      mail: { type: ['string', 'null'], format: 'email', $comment: 'also isEmail' },
      host: { type: 'string', format: 'ipv4', $comment: 'also isIp' },
      ids: { type: 'array', $comment: 'also arrayUnique' },
    });
  });

  it('takes what @Type() converts as well', async () => {
    class Casts {
      @IsDate() @Type(() => Date) at!: Date;
      @IsInt() @Min(2) @Type(() => Number) count!: number;
    }
    expect(await propertiesOf(Casts)).toEqual({
      at: { type: ['boolean', 'number', 'string'], format: 'date-time' },
      count: { anyOf: [{ type: 'integer', minimum: 2 }, { type: 'string' }] },
    });
  });

  it('refers to the DTOs below it, itself included', async () => {
    class Tree {
      @IsDefined() @ValidateNested() @Type(() => Item) item!: Item;
      @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => Tree) below?: Tree[];
    }
    const schemas = await schemasOf();
    expect(schemas.of([Tree])).toEqual({ type: 'array', items: { $ref: '#/definitions/Tree' } });
    expect(schemas.definitions.Tree).toEqual({
      type: 'object',
      properties: {
        item: { $ref: '#/definitions/Item' },
        // class-validator looks into lists of lists.
        below: {
          type: ['array', 'null'],
          items: { anyOf: [{ $ref: '#/definitions/Tree' }, { type: 'array' }] },
        },
      },
      required: ['item'],
    });
    expect(Object.keys(schemas.definitions)).toEqual(['Tree', 'Item']);
  });

  it('has a name of its own, also beside a class of the same name', async () => {
    const other = (() => {
      class Item {
        @IsInt() id!: number;
      }
      return Item;
    })();
    const schemas = await schemasOf();
    const references = [Item, other, Item, class {}].map(type => schemas.of(type).$ref);
    expect(references).toEqual(['Item', 'Item2', 'Item', 'Dto'].map(name => `#/definitions/${name}`));
    expect(schemas.definitions.Item2?.required).toEqual(['id']);
  });

  it('allows no other property where the options forbid it', async () => {
    const schemas = await schemasOf({ forbidNonWhitelisted: true });
    schemas.of(Item);
    schemas.of(Item, { isText: true, stripsUnknown: true });
    expect(schemas.definitions.Item?.additionalProperties).toBe(false);
    expect(schemas.definitions['Item.text.open']).not.toHaveProperty('additionalProperties');
  });

  it('follows groups and the options that skip', async () => {
    class Grouped {
      @IsInt({ groups: ['admin'] }) id!: number;
      @IsString() name!: string;
    }
    expect(await propertiesOf(Grouped, { groups: ['admin'] })).toEqual({ id: { type: 'integer' } });
    const schemas = await schemasOf({ skipMissingProperties: true });
    schemas.of(Grouped);
    expect(schemas.definitions.Grouped).toEqual({
      type: 'object',
      properties: { id: { type: ['integer', 'null'] }, name: { type: ['string', 'null'] } },
    });
  });

  it('takes null as an element of a nested list where null is not checked', async () => {
    class Order {
      @IsArray() @ValidateNested() @Type(() => Item) items!: Item[];
    }
    const elementsOf = async (options: ValidationOptions) => {
      const schemas = await schemasOf(options);
      schemas.of(Order);
      const list = schemas.definitions.Order?.properties?.items;
      return [list, ...(list?.anyOf ?? [])].find(schema => schema?.items !== undefined)?.items;
    };
    expect(await elementsOf({})).toEqual({ anyOf: [{ $ref: '#/definitions/Item' }, { type: 'array' }] });
    for (const skips of [{ skipNullProperties: true }, { skipMissingProperties: true }])
      expect(await elementsOf(skips)).toEqual({
        anyOf: [{ $ref: '#/definitions/Item' }, { type: ['array', 'null'] }],
      });
  });

  it('takes texts for what is read from texts', async () => {
    class Search {
      @IsInt() @Min(1) page!: number;
      @IsOptional() @IsString({ each: true }) tags?: string[];
      @IsString() q!: string;
      @IsEnum(Level) level!: Level;
    }
    const schemas = await schemasOf();
    expect(schemas.of(Search, { isText: true })).toEqual({ $ref: '#/definitions/Search.text' });
    expect(schemas.definitions['Search.text']?.properties).toEqual({
      page: {
        anyOf: [
          { type: 'integer', minimum: 1 },
          { type: 'string', pattern: '^-?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?$' },
        ],
      },
      tags: { anyOf: [{ type: 'array', items: { type: 'string' } }, { type: ['string', 'null'] }] },
      q: { type: 'string' },
      level: { anyOf: [{ enum: ['Low', 'High', 0, 5] }, { type: 'string', enum: ['0', '5'] }] },
    });
  });

  it('says what it cannot say', async () => {
    class Sorted {
      @IsInt() @ValidateIf(() => true) id!: number;
      @Transform(({ value }) => value) @IsInt() made!: number;
      @Even() even!: number;
      @IsInt({ validateIf: () => false }) sometimes!: number;
    }
    expect(await propertiesOf(Sorted)).toEqual({
      id: { $comment: '@ValidateIf() decides what is checked' },
      made: { $comment: '@Transform() decides what it becomes' },
      even: { $comment: 'also isEven' },
      sometimes: { $comment: 'also isInt' },
    });
  });

  it('takes every object where only the libraries can check the class', async () => {
    class Renamed {
      @IsString() @Expose({ name: 'a' }) @Type(options => (options ? String : String)) name!: string;
    }
    const schemas = await schemasOf();
    schemas.of(Renamed);
    expect(schemas.definitions.Renamed).toMatchObject({
      type: 'object',
      $comment: expect.stringMatching(/^Renamed is checked by class-validator itself, .*: ./),
      properties: { name: {}, a: {} },
    });
  });

  it('does not trust a decorator that has the name of another', async () => {
    class Odd {
      @Named('isEmail') mail!: unknown;
      @Named('isInt') id!: unknown;
    }
    expect(await propertiesOf(Odd)).toEqual({
      mail: { $comment: 'also isEmail' },
      id: { $comment: 'also isInt' },
    });
  });

  it('is there with compile: off, too', async () => {
    const validation = new Validation({ compile: 'off' });
    await validation.load();
    (await validation.jsonSchemas()).of(Item);
    expect(validation.report()).toEqual([]);
    expect(await propertiesOf(Item, { compile: 'off' })).toHaveProperty('quantity.default', 1);
  });
});

describe('@JsonSchema', () => {
  it('adds to what is made of a class and its properties, and replaces it', async () => {
    class Base {
      @JsonSchema({ description: 'by the base' }) @IsInt() id!: number;
      @JsonSchema({ description: 'by the base' }) @IsInt() other!: number;
    }
    @JsonSchema({ description: 'What is ordered', title: 'Order' })
    class Order extends Base {
      @JsonSchema({ maxLength: 10, examples: ['a'] }) @IsString() @MaxLength(20) name!: string;
      @JsonSchema({ description: 'by Order' }) override other = 1;
      @JsonSchema({ description: 'the item' }) @IsDefined() @ValidateNested() @Type(() => Item) item!: Item;
    }
    const schemas = await schemasOf();
    schemas.of(Order);
    expect(schemas.definitions.Order).toMatchObject({
      description: 'What is ordered',
      title: 'Order',
      properties: {
        id: { type: 'integer', description: 'by the base' },
        other: { type: 'integer', description: 'by Order' },
        name: { type: 'string', maxLength: 10, examples: ['a'] },
        // Beside a $ref, draft-07 ignores every other keyword.
        item: { allOf: [{ $ref: '#/definitions/Item' }], description: 'the item' },
      },
    });
    schemas.of(Base);
    expect(schemas.definitions.Base).not.toHaveProperty('description');
  });
});

describe('the JSON Schema of a Standard Schema', () => {
  it('is what the schema says of itself, or takes everything', async () => {
    const schemas = await new Validation().jsonSchemas();
    expect(schemas.of(z.object({ text: z.string().min(1), size: z.number().default(5) }))).toEqual({
      type: 'object',
      properties: { text: { type: 'string', minLength: 1 }, size: { type: 'number', default: 5 } },
      required: ['text'],
    });
    expect(schemas.of(arktype({ id: 'number' }))).toMatchObject({ type: 'object', required: ['id'] });
    expect(schemas.of(valibot.object({ id: valibot.number() }))).toEqual({
      $comment: 'checked by a schema of valibot',
    });
    expect(schemas.of(z.bigint())).toEqual({ $comment: 'checked by a schema of zod' });
  });
});

describe('jsonSchemaOf', () => {
  it('gives one document, under the options of the application', async () => {
    class Holder {
      @IsDefined() @ValidateNested() @Type(() => Item) item!: Item;
    }
    const schema = await jsonSchemaOf(Holder, { forbidNonWhitelisted: true });
    expect(schema).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      $ref: '#/definitions/Holder',
      definitions: {
        Holder: { required: ['item'], additionalProperties: false },
        Item: { required: ['article'] },
      },
    });
    expect(await jsonSchemaOf(z.string())).toEqual({
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'string',
    });
  });
});

/** A decorator of the user's own. */
function Named(name: string): PropertyDecorator {
  return (target, property) =>
    registerDecorator({
      name,
      target: target.constructor,
      propertyName: property as string,
      validator: { validate: () => true },
    });
}

function Even(): PropertyDecorator {
  return Named('isEven');
}
