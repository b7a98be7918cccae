import { WsException } from 'gatewire';

/** Ways in which a hook can fail; each gives what the hook then returns, if it returns at all. */
export const FAULTS = {
  throws: () => fail(new Error('broken')),
  rejects: async () => fail(new Error('broken')),
  rejectsLater: () => new Promise((_resolve, reject) => setTimeout(() => reject(new Error('broken')), 5)),
  throwsUndefined: () => fail(undefined),
  rejectsUndefined: async () => fail(undefined),
  throwsNull: () => fail(null),
  throwsString: () => fail('broken'),
  throwsSymbol: () => fail(Symbol('broken')),
  throwsHostileObject: () => fail(hostile({}, 'message', 'toString', 'name', 'stack', 'cause', 'then')),
  throwsHostileMessage: () => fail(hostile(new Error('broken'), 'message')),
  throwsHostileStack: () => fail(hostile(new Error('broken'), 'stack')),
  throwsHostileProxy: () => fail(hostileProxy()),
  throwsOddName: () => fail(Object.assign(new Error('broken'), { name: 1n })),
  throwsItsOwnCause: () => fail(itsOwnCause()),
  throwsOddIssues: () => fail(new WsException({ message: 'odd', issues: [{ path: 1n }] } as never)),
  thenThrows: () => hostile({}, 'then'),
  returnsFunction: () => () => {},
  returnsSymbol: () => Symbol('broken'),
  returnsBigInt: () => 1n,
  returnsCycle: () => cycle(),
  returnsMap: () => new Map([['a', 1]]),
  returnsThrowingGetter: () => hostile({}, 'a'),
  returnsThrowingToJson: () => ({ toJSON: () => fail(new Error('broken')) }),
  resolvesToBigInt: async () => 1n,
  firstPullThrows: function* () {
    yield fail(new Error('broken'));
  },
  firstPullRejects: async function* () {
    yield fail(new Error('broken'));
  },
  midStreamThrows: function* () {
    yield 1;
    fail(new Error('broken'));
  },
  midStreamRejects: async function* () {
    yield 1;
    await null;
    fail(new Error('broken'));
  },
  finallyThrows: function* () {
    try {
      yield 1;
    } finally {
      fail(new Error('broken'));
    }
  },
  finallyRejects: async function* () {
    try {
      yield 1;
    } finally {
      await null;
      fail(new Error('broken'));
    }
  },
  yieldsBigInt: async function* () {
    yield 1;
    yield 1n;
  },
  noIterator: () => ({ [Symbol.asyncIterator]: () => fail(new Error('broken')) }),
  oddIterator: () => ({ [Symbol.asyncIterator]: () => ({}) }),
} satisfies Record<string, () => unknown>;

export type Fault = keyof typeof FAULTS;

/** Fails in the named way; without a name nothing happens. */
export function misbehave(fault: string | undefined): unknown {
  return fault === undefined ? undefined : FAULTS[fault as Fault]();
}

function fail(error: unknown): never {
  throw error;
}

/** Makes properties of an object throw when they are read. */
function hostile(target: object, ...names: string[]): object {
  for (const name of names) {
    Object.defineProperty(target, name, { get: () => fail(new Error('hostile')), enumerable: true });
  }
  return target;
}

function hostileProxy(): object {
  const trap = () => fail(new Error('hostile'));
  return new Proxy({}, { get: trap, has: trap, getPrototypeOf: trap, ownKeys: trap });
}

function itsOwnCause(): Error {
  const error = new Error('broken');
  error.cause = error;
  return error;
}

function cycle(): object {
  const value: { self?: object } = {};
  value.self = value;
  return value;
}
