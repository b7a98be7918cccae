import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadFrame, readFrame, toParsedEnvelope } from '../../../lib/server/envelope.ts';
import { PROPERTY_TIMEOUT, parameters } from '../../support/property.ts';

/** Never reached by what is generated here. */
const BOUNDS = { depth: 32, nodes: 10_000, keys: 256 };

const ids = fc.oneof(fc.string({ maxLength: 64 }), fc.maxSafeInteger());
const names = fc.string({ minLength: 1, maxLength: 128 });
/** What has gone through JSON once: without `-0` and `undefined`. */
const json = fc.json({ maxDepth: 4 }).map(text => JSON.parse(text) as unknown);

/** An object with some of an envelope's fields, each right, wrong or missing. */
const nearlyEnvelopes = fc.record(
  {
    event: fc.oneof(names, json, fc.constant(''), fc.string({ minLength: 129, maxLength: 140 })),
    id: fc.oneof(ids, json, fc.double({ noNaN: true }), fc.string({ minLength: 65, maxLength: 70 })),
    data: json,
    error: json,
    cancel: json,
    more: json,
  },
  { requiredKeys: [] },
);

/** The fields that count, of whatever a frame was read as. */
function fieldsOf(read: ReturnType<typeof readFrame>): object {
  if (read instanceof BadFrame) return { isBad: true, id: read.id };
  const { event, id, data } = read;
  const { error, cancel } = read as { error?: unknown; cancel?: unknown };
  return event === undefined ? { id, data, error, cancel } : { event, id, data };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** What the wire format says of a value (`docs/messages.md`), read off it as a table. */
function due(value: unknown): object {
  if (!isRecord(value)) return { isBad: true, id: undefined };
  const { event, id, data, error, cancel } = value;
  const hasId = 'id' in value;
  const isGoodId =
    (typeof id === 'string' && [...Array(65).keys()].includes(id.length)) ||
    (typeof id === 'number' && Math.abs(id) < 2 ** 53 && id % 1 === 0);
  const isGoodEvent = typeof event === 'string' && event.length > 0 && event.length < 129;
  if (hasId && !isGoodId) return { isBad: true, id: undefined };
  if (isGoodEvent) return { event, id, data };
  const isReply = hasId && !('event' in value) && ['data', 'error', 'cancel'].some(name => name in value);
  return isReply ? { id, data, error, cancel } : { isBad: true, id };
}

describe('readFrame', { timeout: PROPERTY_TIMEOUT }, () => {
  it('reads any JSON as the wire format says', () => {
    const check = fc.property(fc.oneof(nearlyEnvelopes, json), value => {
      const text = JSON.stringify(value);
      expect(fieldsOf(readFrame(text, BOUNDS))).toEqual(due(JSON.parse(text)));
    });
    fc.assert(check, parameters(1000));
  });

  it('gives back every envelope that is sent', () => {
    const check = fc.property(names, json, fc.option(ids, { nil: undefined }), (event, data, id) => {
      expect(readFrame(JSON.stringify({ event, data, id }), BOUNDS)).toEqual(
        id === undefined ? { event, data } : { event, data, id: Object.is(id, -0) ? 0 : id },
      );
    });
    fc.assert(check, parameters(500));
  });

  it('takes no beginning of an envelope for the whole', () => {
    const check = fc.property(names, json, fc.nat(), (event, data, cut) => {
      const text = JSON.stringify({ event, data });
      expect(readFrame(text.slice(0, cut % text.length), BOUNDS)).toEqual(new BadFrame());
    });
    fc.assert(check, parameters(500));
  });

  it('throws at no text', () => {
    const check = fc.property(fc.string({ unit: 'binary' }), text => {
      expect(readFrame(text, BOUNDS)).toBeTypeOf('object');
    });
    fc.assert(check, parameters(500));
  });

  it('leaves prototypes as they are', () => {
    const key = fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString');
    const check = fc.property(key, json, (name, value) => {
      const text = `{"event":${JSON.stringify(name)},${JSON.stringify(name)}:${JSON.stringify(value)},"data":{${JSON.stringify(name)}:${JSON.stringify(value)}}}`;
      expect(readFrame(text, BOUNDS)).toHaveProperty('event', name);
      expect(Reflect.ownKeys(Object.prototype)).toEqual(OWN_KEYS);
    });
    fc.assert(check, parameters(200));
  });
});

const OWN_KEYS = Reflect.ownKeys(Object.prototype);

describe('toParsedEnvelope', { timeout: PROPERTY_TIMEOUT }, () => {
  it('reads what a parser gave as it would read the frame', () => {
    const check = fc.property(fc.oneof(nearlyEnvelopes, json), value => {
      const text = JSON.stringify(value);
      expect(fieldsOf(toParsedEnvelope(JSON.parse(text)))).toEqual(fieldsOf(readFrame(text, BOUNDS)));
    });
    fc.assert(check, parameters(500));
  });

  it('throws at nothing but what its getters throw', () => {
    const check = fc.property(
      fc.anything({ withBigInt: true, withMap: true, withNullPrototype: true, withTypedArray: true }),
      value => {
        expect(toParsedEnvelope(value)).toBeTypeOf('object');
      },
    );
    fc.assert(check, parameters(500));
  });
});
