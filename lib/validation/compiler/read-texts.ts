import type { DtoShape } from '../dto-shape.ts';
import type { Reading } from '../preparation.ts';
import { isObject, type Plain } from '../undeclared.ts';

/** Reads the declared texts of a record as values; `undefined` where it takes more than that. */
export type ReadTexts = (value: unknown) => Plain | undefined;

/**
 * The short way of what `Preparation` does with a record whose every declared text is there at most once and
 * reads well, which is what most clients send. `null` for a class it is not for.
 */
export function textsReader(shape: DtoShape, { unknown }: Reading): ReadTexts | null {
  if (unknown !== 'strip' || shape.hasTransforms) return null;
  const fields: { readonly key: string; readonly read: (text: string) => unknown }[] = [];
  for (const [key, { text, isList }] of shape.inputs) {
    if (text === null || isList) return null;
    fields.push({ key, read: text.read });
  }
  return value => {
    if (!isObject(value)) return undefined;
    const plain: Plain = {};
    for (const { key, read } of fields) {
      if (!Object.hasOwn(value, key)) continue;
      const text = value[key];
      const field = typeof text === 'string' ? read(text) : undefined;
      if (field === undefined) return undefined;
      plain[key] = field;
    }
    return plain;
  };
}
