import { type as arktype } from 'arktype';
import { IsInt, IsString } from 'class-validator';
import {
  type EventReply,
  event,
  OnMessage,
  type Returnable,
  Returns,
  type ValueOf,
  WebSocketRoute,
} from 'gatewire';
import * as valibot from 'valibot';
import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';

class User {
  @IsInt()
  id!: number;

  @IsString()
  name!: string;
}

const ada: User = { id: 1, name: 'Ada' };
const wrong = { id: '1', name: 'Ada' };
const textToNumber = z.object({ at: z.string().transform(Number), size: z.number().default(1) });

describe('ValueOf', () => {
  it('is the instance of a class, also behind a function', () => {
    expectTypeOf<ValueOf<typeof User>>().toEqualTypeOf<User>();
    expectTypeOf<ValueOf<() => typeof User>>().toEqualTypeOf<User>();
  });

  it('is a list of what a list names', () => {
    expectTypeOf<ValueOf<readonly [typeof User]>>().toEqualTypeOf<readonly User[]>();
    expectTypeOf<ValueOf<() => (typeof User)[]>>().toEqualTypeOf<readonly User[]>();
  });

  it('is what a schema takes, because the schema is what makes the reply of it', () => {
    expectTypeOf<ValueOf<typeof textToNumber>>().toEqualTypeOf<{ at: string; size?: number | undefined }>();
    const fromValibot = valibot.object({ at: valibot.pipe(valibot.string(), valibot.transform(Number)) });
    expectTypeOf<ValueOf<typeof fromValibot>>().toEqualTypeOf<{ at: string }>();
    const fromArktype = arktype({ at: 'string.integer.parse' });
    expectTypeOf<ValueOf<typeof fromArktype>>().toEqualTypeOf<{ at: string }>();
  });
});

describe('Returnable', () => {
  it('is the value, a promise of it, a stream of it, and any of them under another event', () => {
    expectTypeOf<User>().toExtend<Returnable<User>>();
    expectTypeOf<Promise<User>>().toExtend<Returnable<User>>();
    expectTypeOf<Generator<User, string>>().toExtend<Returnable<User>>();
    expectTypeOf<AsyncGenerator<User>>().toExtend<Returnable<User>>();
    expectTypeOf<Promise<AsyncIterable<User>>>().toExtend<Returnable<User>>();
    expectTypeOf<Promise<Generator<User>>>().toExtend<Returnable<User>>();
    expectTypeOf<ReadableStream<User>>().toExtend<Returnable<User>>();
    expectTypeOf<EventReply>().toExtend<Returnable<User>>();
    expectTypeOf<AsyncGenerator<EventReply>>().toExtend<Returnable<User>>();
  });

  it('is nothing else', () => {
    expectTypeOf<undefined>().not.toExtend<Returnable<User>>();
    expectTypeOf<User[]>().not.toExtend<Returnable<User>>();
    expectTypeOf<Promise<typeof wrong>>().not.toExtend<Returnable<User>>();
    expectTypeOf<AsyncGenerator<typeof wrong>>().not.toExtend<Returnable<User>>();
    expectTypeOf<Generator<typeof wrong>>().not.toExtend<Returnable<User>>();
  });
});

describe('@Returns', () => {
  it('takes a method that returns what it names', () => {
    @WebSocketRoute('/')
    class GoodController {
      @OnMessage('value')
      @Returns(User)
      value() {
        return ada;
      }

      @OnMessage('more')
      @Returns(User)
      more() {
        return { ...ada, password: 'stripped when it is sent' };
      }

      @OnMessage('promise')
      @Returns(() => User)
      async promise() {
        return ada;
      }

      @OnMessage('either')
      @Returns(User)
      either(frame: string): User | Promise<User> {
        return frame === '' ? ada : Promise.resolve(ada);
      }

      @OnMessage('generator')
      @Returns(User)
      *generator() {
        yield ada;
        return 'not sent';
      }

      @OnMessage('iterable')
      @Returns(User)
      async *iterable() {
        yield ada;
      }

      @OnMessage('renamed')
      @Returns(User)
      renamed() {
        return event('other', ada);
      }

      @OnMessage('list')
      @Returns(() => [User])
      list(): readonly User[] {
        return [ada];
      }

      @OnMessage('lists')
      @Returns([User])
      async *lists() {
        yield [ada, ada];
      }

      @OnMessage('zod')
      @Returns(textToNumber)
      zod() {
        return { at: '5' };
      }

      @OnMessage('valibot')
      @Returns(valibot.object({ id: valibot.number() }))
      async valibot() {
        return { id: 1 };
      }

      @OnMessage('arktype')
      @Returns(arktype({ id: 'number' }))
      *arktype() {
        yield { id: 1 };
      }
    }
    expectTypeOf(GoodController).toBeObject();
  });

  it('refuses a method that returns anything else', () => {
    @WebSocketRoute('/')
    class BadController {
      @OnMessage('value')
      // @ts-expect-error
      @Returns(User)
      value() {
        return wrong;
      }

      @OnMessage('missing')
      // @ts-expect-error
      @Returns(User)
      missing(frame: string) {
        if (frame === '') return ada;
      }

      @OnMessage('promise')
      // @ts-expect-error
      @Returns(User)
      async promise() {
        return wrong;
      }

      @OnMessage('generator')
      // @ts-expect-error
      @Returns(User)
      *generator() {
        yield wrong;
      }

      @OnMessage('iterable')
      // @ts-expect-error
      @Returns(User)
      async *iterable() {
        yield wrong;
      }

      @OnMessage('one')
      // @ts-expect-error
      @Returns(() => [User])
      one() {
        return ada;
      }

      @OnMessage('list')
      // @ts-expect-error
      @Returns(() => [User])
      list() {
        return [ada, wrong];
      }

      @OnMessage('many')
      // @ts-expect-error
      @Returns(User)
      many() {
        return [ada];
      }

      @OnMessage('zod')
      // @ts-expect-error
      @Returns(textToNumber)
      zod() {
        return { at: 5 };
      }

      @OnMessage('valibot')
      // @ts-expect-error
      @Returns(valibot.object({ id: valibot.number() }))
      async valibot() {
        return wrong;
      }

      @OnMessage('arktype')
      // @ts-expect-error
      @Returns(arktype({ id: 'number' }))
      *arktype() {
        yield wrong;
      }
    }
    expectTypeOf(BadController).toBeObject();
  });

  it('takes classes, lists of one and schemas only', () => {
    // @ts-expect-error
    Returns('User');
    // @ts-expect-error
    Returns({ id: Number });
    // @ts-expect-error
    Returns();
  });
});
