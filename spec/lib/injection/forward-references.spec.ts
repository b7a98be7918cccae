import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { Inject, Injectable } from '../../../lib/decorators/injectable.ts';
import { Module } from '../../../lib/decorators/module.ts';
import { Scope } from '../../../lib/injection/scope.ts';
import { forwardRef } from '../../../lib/injection/token.ts';
import { mistakesOf, startContainer } from './start-container.ts';

interface Named {
  readonly other: Named;
  name(): string;
}

@Injectable()
class Left implements Named {
  readonly #name = 'left';
  constructor(@Inject(forwardRef(() => Right)) readonly other: Named) {}
  name(): string {
    return this.#name;
  }
}

@Injectable()
class Right implements Named {
  readonly #name = 'right';
  constructor(@Inject(forwardRef(() => Left)) readonly other: Named) {}
  name(): string {
    return this.#name;
  }
}

describe('forwardRef()', () => {
  it('lets two providers hold each other, as they are', async () => {
    @Module({ providers: [Left, Right] })
    class AppModule {}

    const container = await startContainer(AppModule);
    const [left, right] = [container.get(Left), container.get(Right)];
    expect(left.other).toBe(right);
    expect(right.other).toBe(left);
    expect([left.other.name(), right.other.name()]).toEqual(['right', 'left']);
  });

  it('is enough on one side, whichever is created first', async () => {
    @Injectable()
    class Child {
      constructor(@Inject(forwardRef(() => Parent)) readonly parent: object) {}
    }
    @Injectable()
    class Parent {
      constructor(readonly child: Child) {}
    }
    @Module({ providers: [Child, Parent] })
    class ChildFirst {}
    @Module({ providers: [Parent, Child] })
    class ParentFirst {}

    for (const root of [ChildFirst, ParentFirst]) {
      const container = await startContainer(root);
      expect(container.get(Child).parent).toBe(container.get(Parent));
    }
  });

  it('works on properties, and through asynchronous factories', async () => {
    @Injectable()
    class Owner {
      @Inject(forwardRef(() => 'pet')) readonly pet!: { readonly owner: Owner };
    }
    @Module({
      providers: [
        Owner,
        {
          provide: 'pet',
          useFactory: async (owner: Owner) => ({ owner }),
          inject: [forwardRef(() => Owner)],
        },
      ],
    })
    class AppModule {}

    const container = await startContainer(AppModule);
    const owner = container.get(Owner);
    expect(owner.pet).toBe(container.get('pet'));
    expect(owner.pet.owner).toBe(owner);
  });

  it('waits for a provider that closes no circle', async () => {
    const seen: unknown[] = [];
    @Injectable()
    class Late {
      constructor(@Inject(forwardRef(() => 'config')) config: { readonly port: number }) {
        seen.push(config.port);
      }
    }
    @Module({ providers: [Late, { provide: 'config', useFactory: async () => ({ port: 3000 }) }] })
    class AppModule {}

    await startContainer(AppModule);
    expect(seen).toEqual([3000]);
  });

  it('gives what stays hidden a stand-in that behaves as the instance', async () => {
    @Injectable()
    class Hidden {
      readonly #other: Named & { tag?: string };
      constructor(@Inject(forwardRef(() => Shown)) other: Named) {
        this.#other = other;
      }
      tag(): unknown {
        this.#other.tag = 'set';
        return [this.#other instanceof Shown, 'hidden' in this.#other, this.#other.name()];
      }
    }
    @Injectable()
    class Shown {
      readonly #name = 'shown';
      tag = '';
      constructor(readonly hidden: Hidden) {}
      name(): string {
        return this.#name;
      }
    }
    @Module({ providers: [Hidden, Shown] })
    class AppModule {}

    const container = await startContainer(AppModule);
    expect(container.get(Hidden).tag()).toEqual([true, true, 'shown']);
    expect(container.get(Shown).tag).toBe('set');
  });

  it('cannot be used in a constructor of its circle, which says so', async () => {
    @Injectable()
    class Eager {
      constructor(@Inject(forwardRef(() => Slow)) slow: { name(): string }) {
        slow.name();
      }
    }
    @Injectable()
    class Slow {
      constructor(readonly eager: Eager) {}
    }
    @Module({ providers: [Eager, Slow] })
    class AppModule {}

    await expect(startContainer(AppModule)).rejects.toThrow(
      "Slow is not created yet: a constructor in a circle of forward references can't use it. Use it in onModuleInit() or later",
    );
  });

  it('works within a connection', async () => {
    @Injectable({ scope: Scope.CONNECTION })
    class Room {
      constructor(@Inject(forwardRef(() => Member)) readonly member: object) {}
    }
    @Injectable({ scope: Scope.CONNECTION })
    class Member {
      constructor(@Inject(forwardRef(() => Room)) readonly room: Room) {}
    }
    @Module({ providers: [Room, Member] })
    class AppModule {}

    const container = await startContainer(AppModule);
    const [root] = container.modules;
    const scope = container.createScope();
    const room = scope.get(Room, root as NonNullable<typeof root>) as Room;
    expect(room.member).toBeInstanceOf(Member);
    expect((room.member as Member).room).toBe(room);
  });

  it('cannot end a circle of transient providers', async () => {
    @Injectable({ scope: Scope.TRANSIENT })
    class Ping {
      constructor(@Inject(forwardRef(() => Pong)) readonly pong: object) {}
    }
    @Injectable({ scope: Scope.TRANSIENT })
    class Pong {
      constructor(@Inject(forwardRef(() => Ping)) readonly ping: object) {}
    }
    @Module({ providers: [Ping, Pong] })
    class AppModule {}

    expect(await mistakesOf(AppModule)).toMatchObject([
      {
        code: 'GATEWIRE_CIRCULAR_DEPENDENCY',
        what: 'circular dependency of transient providers only, which would never end: Ping → Pong → Ping',
      },
    ]);
  });

  it('hands on the failure of the other end', async () => {
    const failure = new Error('broken');
    @Injectable({ scope: Scope.CONNECTION })
    class Whole {
      constructor(@Inject(forwardRef(() => Broken)) readonly other: object) {}
    }
    @Injectable({ scope: Scope.CONNECTION })
    class Broken {
      constructor(readonly whole: Whole) {
        throw failure;
      }
    }
    @Module({ providers: [Whole, Broken] })
    class AppModule {}

    const container = await startContainer(AppModule);
    const [root] = container.modules;
    expect(() => root && container.createScope().get(Whole, root)).toThrow(failure);
  });
});
