/** How deep and how large decoded JSON may be. */
export interface JsonBounds {
  /** Levels of arrays and objects. */
  readonly depth: number;
  /** Values in all, nested ones included. */
  readonly nodes: number;
  /** Properties of one object. */
  readonly keys: number;
}

/**
 * Whether a decoded value stays within bounds. A walk of the value costs a tenth of a scan of its text, and stops
 * at the first excess, so that neither depth nor size can cost more than the bounds say.
 */
export function isWithin(value: unknown, bounds: JsonBounds): boolean {
  return !isNested(value) || walk(value, bounds, bounds.depth, bounds.nodes) >= 0;
}

/** Gives how many more nodes there may be; negative once there are too many. */
function walk(value: object, bounds: JsonBounds, depth: number, nodes: number): number {
  if (depth === 0) return -1;
  if (Array.isArray(value)) return walkList(value, bounds, depth, nodes);
  let left = nodes;
  let keys = 0;
  for (const key in value) {
    left--;
    if (left < 0 || ++keys > bounds.keys) return -1;
    const item = (value as Record<string, unknown>)[key];
    if (isNested(item)) left = walk(item, bounds, depth - 1, left);
  }
  return left;
}

function walkList(list: readonly unknown[], bounds: JsonBounds, depth: number, nodes: number): number {
  let left = nodes - list.length;
  for (let at = 0; at < list.length && left >= 0; at++) {
    const item = list[at];
    if (isNested(item)) left = walk(item, bounds, depth - 1, left);
  }
  return left;
}

/** Bytes are one value: a parser of the user's own may have put them there. */
function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value);
}

/** Whether no more than so many levels of arrays and objects are in a value, a cycle being endless. */
export function isShallow(value: object, depth: number): boolean {
  if (depth === 0) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (isNested(item) && !isShallow(item, depth - 1)) return false;
    return true;
  }
  for (const key in value) {
    const item = (value as Record<string, unknown>)[key];
    if (isNested(item) && !isShallow(item, depth - 1)) return false;
  }
  return true;
}

/**
 * Whether JSON is certain to hold all of a value: no more than so many levels, and among them neither bytes, which have
 * the key 0, nor an object without properties, as a `Map` is. What has a `toJSON()` says itself what it is.
 */
export function isSurelyWhole(value: object, depth: number): boolean {
  if (depth === 0) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (isObject(item) && !isSurelyWhole(item, depth - 1)) return false;
    return true;
  }
  let isEmpty = true;
  for (const key in value) {
    if (isEmpty) {
      if (key === '0') return false;
      isEmpty = !Object.hasOwn(value, key);
    }
    const item = (value as Record<string, unknown>)[key];
    if (isObject(item) && !isSurelyWhole(item, depth - 1)) return false;
  }
  return !isEmpty || typeof (value as { toJSON?: unknown }).toJSON === 'function';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
