import { Exclude, Expose, Transform } from 'class-transformer';
import type { Class } from '../../../../lib/validation/validator.ts';

/** What JSON does not have, and a handler may well give. */
export const RICH: readonly (() => unknown)[] = [
  () => new Date(5),
  () => new Date(Number.NaN),
  () => new Set(['a', 'abc']),
  () => new Map([['a', 1]]),
  () =>
    new (class Own {
      a = 1;
      get b() {
        return 2;
      }
    })(),
  () => undefined,
  () => Number.NaN,
  () => Number.POSITIVE_INFINITY,
  () => Object.assign([1], { extra: 1 }),
  () => ({ at: new Date(7), toJSON: () => 'x' }),
  () => [new Date(9)],
  () => new String('a'),
  () => Object.create(null),
];

/** The forms in which a handler may give a value. */
export const FORMS: readonly ((type: Class, value: object) => unknown)[] = [
  (_, value) => value,
  (type, value) => Object.assign(Object.create(type.prototype as object), value),
  (type, value) => Object.assign(new (type as new () => object)(), value),
  (type, value) => Object.assign(new (class extends (type as new () => object) {})(), value),
  (_, value) => Object.assign(new (class Entity {})(), value),
  (_, value) => Object.assign(Object.create(null), value),
];

const nothing: PropertyDecorator = () => undefined;

/** What class-transformer does on the way out. */
export const OUTGOING: readonly PropertyDecorator[] = [
  ...Array.from({ length: 12 }, () => nothing),
  Expose(),
  Expose({ name: 'other name' }),
  Expose({ groups: ['x'] }),
  Exclude(),
  Exclude({ toPlainOnly: true }),
  Exclude({ toClassOnly: true }),
  Transform(({ value }) => (value === null ? 'null' : [value]), { toPlainOnly: true }),
  Transform(({ value, obj, type, options }) =>
    type === 1 && options.exposeUnsetFields ? Object.keys(obj).length : value,
  ),
];
