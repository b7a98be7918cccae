import { NOT_AN_OBJECT } from './check.ts';
import type { DtoShape, PropertyShape } from './dto-shape.ts';
import { IssueList, joinPath } from './issue-list.ts';
import type { TextReader } from './text-reader.ts';
import {
  copyUndeclared,
  isHarmless,
  isObject,
  isTooWide,
  MOST_UNDECLARED,
  type Plain,
} from './undeclared.ts';
import type { UnknownProperties } from './validation-options.ts';

const TOO_WIDE = {
  rule: 'maxProperties',
  message: `must not have more than ${MOST_UNDECLARED} undeclared properties`,
};

/** How one validator reads its values. */
export interface Reading {
  readonly unknown: UnknownProperties;
  /** Whether texts are read as values of the declared types: query, params, headers, cookies. */
  readonly isText: boolean;
  /** Whether nobody will see the issues, but only that there are some. Default `false`. */
  readonly isTerse?: boolean;
}

/**
 * Copies a client's value for the libraries: in one pass, and without what the DTO does not declare.
 *
 * class-transformer's own cost is quadratic in the properties of an object and it throws for a `constructor` key;
 * class-validator throws for `null`. Neither ever sees more than this pass lets through. What cannot be read is
 * left out and reported here.
 */
export class Preparation {
  readonly issues: IssueList;
  readonly #unreadable = new Set<string>();
  readonly #reading: Reading;

  constructor(reading: Reading) {
    this.#reading = reading;
    this.issues = reading.isTerse ? IssueList.terse() : new IssueList();
  }

  /** Whether an issue of the libraries is about something that was left out, and so was reported already. */
  hasReported(path: string): boolean {
    if (this.#unreadable.size === 0) return false;
    for (let end = path.length; end > 0; end = path.lastIndexOf('.', end - 1)) {
      if (this.#unreadable.has(path.slice(0, end))) return true;
    }
    return false;
  }

  /** The copy; `undefined` when there is nothing to hand to the libraries. */
  object(shape: DtoShape, value: unknown, path = ''): Plain | undefined {
    if (!isObject(value)) return this.#refuse(path, NOT_AN_OBJECT);
    const plain: Plain = {};
    const unknown: string[] = [];
    for (const key of Object.keys(value)) {
      const property = shape.inputs.get(key);
      if (property === undefined) unknown.push(key);
      else put(plain, key, this.#property(property, value[key], joinPath(path, property.name)));
    }
    if (unknown.length > 0) this.#unknown(unknown, { shape, from: value, to: plain, path });
    return plain;
  }

  #unknown(keys: readonly string[], { shape, from, to, path }: UnknownContext): void {
    const policy = this.#reading.unknown;
    if (policy === 'keep') {
      const rest = Object.fromEntries(keys.map(key => [key, from[key]]));
      Object.assign(to, this.#undeclared(rest, path));
      return;
    }
    if (policy === 'forbid') for (const key of keys) this.issues.add(notWhitelisted(key, path));
    // A @Transform() may read its neighbours in `obj`; what is not enumerable, nothing copies.
    if (shape.hasTransforms) hide(from, to, keys);
  }

  #property(property: PropertyShape, value: unknown, path: string): unknown {
    const { text } = property;
    if (this.#reading.isText && text !== null) return this.#text(property, text, { value, path });
    if (property.isMap && isObject(value)) return this.#entries(property, value, path);
    if (!Array.isArray(value)) return this.#item(property, value, path);
    if (property.isSingle) return this.#refuse(path, NOT_AN_OBJECT);
    // One element too many is enough for @ArrayMaxSize() to refuse the list; the others would only cost time.
    const items = value.length > property.maxSize ? value.slice(0, property.maxSize + 1) : value;
    return this.#list(property, items, path);
  }

  #text({ isList }: PropertyShape, reader: TextReader, { value, path }: Place): unknown {
    if (!isList) return this.#readText(reader, value, path);
    const texts = Array.isArray(value) ? value : [value];
    const before = this.issues.total;
    const items = texts.map((text, at) => this.#readText(reader, text, joinPath(path, String(at))));
    if (this.issues.total === before) return items;
    this.#unreadable.add(path);
    return undefined;
  }

  #readText(reader: TextReader, value: unknown, path: string): unknown {
    const { rule, message } = reader;
    if (Array.isArray(value)) return this.#refuse(path, { rule, message: 'must be given once' });
    // A @Parse() or @Transform() hook may have put another value where the text was.
    if (typeof value !== 'string') return this.#undeclared(value, path);
    return reader.read(value) ?? this.#refuse(path, { rule, message });
  }

  #list(property: PropertyShape, items: readonly unknown[], path: string): unknown[] {
    return items.map((item, at) => {
      const itemPath = joinPath(path, String(at));
      if (Array.isArray(item)) return this.#list(property, item, itemPath);
      return this.#item(property, item, itemPath);
    });
  }

  #entries(property: PropertyShape, value: Plain, path: string): Plain {
    const keys = Object.keys(value).filter(isHarmless);
    return Object.fromEntries(keys.map(key => [key, this.#item(property, value[key], joinPath(path, key))]));
  }

  #item(property: PropertyShape, value: unknown, path: string): unknown {
    const shape = property.nested !== null && isObject(value) ? property.nested.shapeOf(value) : null;
    return shape === null ? this.#undeclared(value, path) : this.object(shape, value, path);
  }

  #undeclared(value: unknown, path: string): unknown {
    return isTooWide(value) ? this.#refuse(path, TOO_WIDE) : copyUndeclared(value);
  }

  #refuse(path: string, complaint: { readonly rule: string; readonly message: string }): undefined {
    this.issues.add({ path, ...complaint });
    this.#unreadable.add(path);
  }
}

interface Place {
  readonly value: unknown;
  readonly path: string;
}

interface UnknownContext {
  readonly shape: DtoShape;
  readonly from: Plain;
  readonly to: Plain;
  readonly path: string;
}

/** An absent value must stay absent: an own `undefined` would overwrite the default of the class. */
function put(plain: Plain, key: string, value: unknown): void {
  if (value !== undefined) plain[key] = value;
}

function hide(from: Plain, to: Plain, keys: readonly string[]): void {
  for (const key of keys.filter(isHarmless)) Object.defineProperty(to, key, { value: from[key] });
}

function notWhitelisted(key: string, path: string) {
  return {
    path: joinPath(path, key),
    rule: 'whitelistValidation',
    message: `property ${key} should not exist`,
  };
}
