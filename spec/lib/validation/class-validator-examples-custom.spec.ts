import 'reflect-metadata';
import {
  IsString,
  Min,
  registerDecorator,
  Validate,
  ValidatePromise,
  type ValidationArguments,
  type ValidationOptions,
  ValidatorConstraint,
  type ValidatorConstraintInterface,
} from 'class-validator';
import { describe, expect, it } from 'vitest';
import { example, textsOf } from './class-validator-example.ts';

@ValidatorConstraint({ name: 'customText', async: false })
class CustomTextLength implements ValidatorConstraintInterface {
  validate(text: string, { constraints }: ValidationArguments) {
    const [shortest = 1, longest = 10] = constraints ?? [];
    return text.length > shortest && text.length < longest;
  }

  defaultMessage() {
    return 'Text is too short or too long!';
  }
}

function IsLongerThan(property: string, options?: ValidationOptions): PropertyDecorator {
  return (object, propertyName) =>
    registerDecorator({
      name: 'isLongerThan',
      target: object.constructor,
      propertyName: propertyName as string,
      constraints: [property],
      ...(options && { options }),
      validator: {
        validate(value: unknown, { constraints, object }: ValidationArguments) {
          const related: unknown = Reflect.get(object, constraints[0]);
          return typeof value === 'string' && typeof related === 'string' && value.length > related.length;
        },
      },
    });
}

@ValidatorConstraint({ async: true })
class IsUserAlreadyExistConstraint implements ValidatorConstraintInterface {
  async validate(userName: string) {
    return userName !== 'taken';
  }
}

function IsUserAlreadyExist(options?: ValidationOptions): PropertyDecorator {
  return (object, propertyName) =>
    registerDecorator({
      target: object.constructor,
      propertyName: propertyName as string,
      ...(options && { options }),
      constraints: [],
      validator: IsUserAlreadyExistConstraint,
    });
}

describe('the README of class-validator', () => {
  it('has examples under “Custom validation classes”', async () => {
    class Post {
      @Validate(CustomTextLength, { message: 'Title is too short or long!' }) title!: string;
      @Validate(CustomTextLength, [3, 20]) text!: string;
    }
    await example(Post, [
      [{ title: 'hello', text: 'hello world' }],
      [{ title: 'h', text: 'h' }, 'title customText', 'text customText'],
    ]);
    expect(await textsOf(Post, { title: 'h', text: 'hello' })).toEqual({
      customText: 'Title is too short or long!',
    });
    expect(await textsOf(Post, { title: 'hi', text: 'h' })).toEqual({
      customText: 'Text is too short or too long!',
    });
  });

  it('has examples under “Custom validation decorators”', async () => {
    class Post {
      @IsString() title!: string;
      @IsLongerThan('title', { message: 'Text must be longer than the title' }) text!: string;
    }
    await example(Post, [
      [{ title: 'a', text: 'ab' }],
      [{ title: 'abc', text: 'ab' }, 'text isLongerThan'],
      [{ title: 5, text: 'ab' }, 'title isString', 'text isLongerThan'],
    ]);
  });

  it('has an example of a check that answers with a promise, which only the libraries wait for', async () => {
    class User {
      @IsUserAlreadyExist({ message: 'User already exists. Choose another name.' }) name!: string;
    }
    await example(User, [[{ name: 'free' }], [{ name: 'taken' }, 'name IsUserAlreadyExistConstraint']], {
      falls: 'a constraint answers with a promise',
    });
  });

  it('has an example under “Validating promises”, which no message can hold', async () => {
    class Post {
      @Min(0) @ValidatePromise() userId!: Promise<number>;
    }
    await example(Post, [[{ userId: 1 }], [{ userId: -1 }, 'userId min']], {
      falls: 'userId: promiseValidation is left to class-validator',
    });
  });
});
