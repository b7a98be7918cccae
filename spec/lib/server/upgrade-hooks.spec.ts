import { describe, expect, it } from 'vitest';
import { Handshake } from '../../../lib/connection/handshake.ts';
import type { UpgradeHook } from '../../../lib/routing/route.ts';
import { addHeaders, judge, replaceSlots } from '../../../lib/server/upgrade-hooks.ts';

const hook: UpgradeHook = {
  hook: 'parse',
  where: 'RoomController.hook()',
  invoke: () => {},
  returns: null,
  interceptors: null,
  isEnhanced: false,
  filters: null,
  callee: { type: Object, handler: Object, phase: 'upgrade' },
};
const handshakeOf = () =>
  new Handshake({
    request: new Request('http://localhost/?page=1'),
    params: { room: 'blue' },
    server: { requestIP: () => null },
    subprotocol: undefined,
    address: undefined,
  });

describe('replaceSlots()', () => {
  it('replaces the slots that are there and keeps the rest', () => {
    const handshake = handshakeOf();
    replaceSlots(handshake, hook, { query: { page: '2' }, params: undefined });
    expect([handshake.query, handshake.params]).toEqual([{ page: '2' }, { room: 'blue' }]);
    for (const nothing of [undefined, {}, handshake]) replaceSlots(handshake, hook, nothing);
    expect([handshake.query, handshake.params]).toEqual([{ page: '2' }, { room: 'blue' }]);
  });

  it.each([
    [null, 'returned null'],
    [false, 'returned a boolean'],
    [{ cookie: {} }, 'returned "cookie", which replaces nothing: there are params, query, headers, cookies'],
    [new Response('no'), 'returned a Response, which replaces nothing'],
  ])('throws for %o, which would change nothing without a word', (result, message) => {
    expect(() => replaceSlots(handshakeOf(), hook, result)).toThrow(`RoomController.hook() ${message}`);
  });
});

describe('judge()', () => {
  it('goes on for nothing and for true, and refuses otherwise', () => {
    expect([undefined, true].map(result => judge(hook, result))).toEqual([undefined, undefined]);
    expect(judge(hook, false)?.status).toBe(403);
    const response = new Response('full', { status: 409 });
    expect(judge(hook, response)).toBe(response);
  });

  it.each([
    [{}, 'an object'],
    [null, 'null'],
    [0, 'a number'],
    ['', 'a string'],
  ])('throws for %o, which may mean anything', (result, shown) => {
    expect(() => judge(hook, result)).toThrow(`RoomController.hook() returned ${shown}: return nothing`);
  });
});

describe('addHeaders()', () => {
  it('takes texts, numbers, booleans and lists of them, and leaves out what has no value', () => {
    const headers = new Headers();
    addHeaders(headers, hook, {
      a: 'text',
      b: 5,
      c: true,
      d: undefined,
      e: null,
      'set-cookie': ['x=1', 'y=2'],
    });
    addHeaders(headers, hook, new Map([['f', 'map']]));
    expect([...headers]).toEqual([
      ['a', 'text'],
      ['b', '5'],
      ['c', 'true'],
      ['f', 'map'],
      ['set-cookie', 'x=1'],
      ['set-cookie', 'y=2'],
    ]);
  });

  it.each([[{ a: {} }], [{ a: () => 'b' }], [{ a: ['b', {}] }], [{ a: 'b\r\nc: d' }], [{ 'a b': 'c' }]])(
    'throws for %o, and names hook and header',
    result => {
      const [name = ''] = Object.keys(result);
      const message = `RoomController.hook() gave the header ${JSON.stringify(name)} a name or value that cannot be sent`;
      expect(() => addHeaders(new Headers(), hook, result)).toThrow(message);
    },
  );

  it.each([['text'], [5], [null], [[5]]])('throws for %o, which holds no headers', result => {
    expect(() => addHeaders(new Headers(), hook, result)).toThrow(TypeError);
  });
});
