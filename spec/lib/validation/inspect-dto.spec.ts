import 'reflect-metadata';
import { Transform, Type } from 'class-transformer';
import { IsString, Validate, ValidateNested } from 'class-validator';
import { beforeAll, describe, expect, it } from 'vitest';
import { Validation } from '../../../lib/validation/validation.ts';

class Item {
  @IsString() name!: string;
}

class Bare {
  name!: string;
}

const validation = new Validation();
beforeAll(() => validation.load());

const needsType = (what: string, type: string, whose = 'an element') => ({
  code: 'GATEWIRE_INVALID_DTO',
  what,
  fix: `Add @Type(() => ${type}) from class-transformer, naming the class of ${whose}`,
});

describe('Validation.inspect', () => {
  it('finds nothing wrong with a DTO that works', () => {
    class Order {
      @ValidateNested() @Type(() => Item) items!: Item[];
      @ValidateNested() @Type(() => Order) parent?: Order;
      @ValidateNested() @Transform(({ value }) => value) own!: Item[];
    }
    expect(validation.inspect(Order)).toEqual([]);
  });

  it('finds a class without validation decorators, nested ones included', () => {
    class Order {
      @ValidateNested() @Type(() => Bare) bare!: Bare;
    }
    const undecorated = {
      code: 'GATEWIRE_UNDECORATED_DTO',
      what: 'Bare has no validation decorators, so none of its properties would be let through',
      fix: 'Decorate the properties of Bare with class-validator: @IsString(), @IsInt(), …, or @Allow()',
    };
    expect(validation.inspect(Bare)).toEqual([undecorated] as never);
    expect(validation.inspect(Order)).toEqual([undecorated] as never);
  });

  it('finds nested properties without @Type()', () => {
    class Order {
      @ValidateNested({ each: true }) items!: Item[];
      @ValidateNested() categories!: Item[];
      @ValidateNested() buyer!: Item;
    }
    expect(validation.inspect(Order)).toEqual([
      needsType('Order: items: Item[] needs @Type(() => Item)', 'Item'),
      needsType('Order: categories: Category[] needs @Type(() => Category)', 'Category'),
      needsType('Order: buyer: Item needs @Type(() => Item)', 'Item', 'the value'),
    ] as never);
  });

  it('accepts a reflected class instead of @Type() under enableImplicitConversion', async () => {
    class Order {
      @ValidateNested() buyer!: Item;
    }
    const implicit = new Validation({ transformOptions: { enableImplicitConversion: true } });
    await implicit.load();
    expect(implicit.inspect(Order)).toEqual([]);
    expect(implicit.json(Order).validate({ buyer: { name: 'a', z: 1 } })).toEqual({ buyer: { name: 'a' } });
  });

  it('finds names of Object.prototype', () => {
    class Order {
      @IsString() toString!: never;
    }
    expect(validation.inspect(Order)).toEqual([
      {
        code: 'GATEWIRE_INVALID_DTO',
        what: 'Order.toString has a name that every object has, which class-validator cannot check',
        fix: "Rename the property, and give it @Expose({ name: 'toString' }) if the message has to keep the name",
      },
    ]);
  });

  it('finds a @Validate() class that is not registered', () => {
    class Plain {
      validate() {
        return false;
      }
    }
    class Order {
      @Validate(Plain) name!: string;
    }
    expect(validation.inspect(Order)).toEqual([
      {
        code: 'GATEWIRE_INVALID_DTO',
        what: 'Order.name is given @Validate(Plain), which class-validator ignores',
        fix: 'Decorate Plain with @ValidatorConstraint()',
      },
    ]);
  });

  it('finds a @Type() that names no class', () => {
    const later: { Item?: never } = {};
    class Order {
      @ValidateNested() @Type(() => later.Item as never) items!: Item[];
    }
    expect(validation.inspect(Order)).toEqual([
      {
        code: 'GATEWIRE_INVALID_DTO',
        what: 'Order.items has a @Type() that names no class',
        got: 'undefined',
        fix: 'Break the circular import between the two classes, or put them into one file',
      },
    ]);
  });

  it('finds everything at once', () => {
    class Order {
      @ValidateNested() items!: Item[];
      @ValidateNested() @Type(() => Bare) bare!: Bare;
    }
    expect(validation.inspect(Order).map(mistake => mistake.code)).toEqual([
      'GATEWIRE_INVALID_DTO',
      'GATEWIRE_UNDECORATED_DTO',
    ]);
  });
});
