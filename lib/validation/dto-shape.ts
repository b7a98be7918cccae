import type { TextReader } from './text-reader.ts';
import type { Class } from './validator.ts';

/** What is known of a DTO class before any value arrives. */
export interface DtoShape {
  readonly type: Class;
  /** By the names the input may use: a property's own and that of its `@Expose({ name })`. */
  readonly inputs: ReadonlyMap<string, PropertyShape>;
  /** By name, in the order in which class-validator checks them. */
  readonly properties: ReadonlyMap<string, PropertyShape>;
  /** The properties an outgoing value may have: the declared ones and those that are only exposed. */
  readonly outputs: ReadonlySet<string>;
  /** Whether a `@Transform()` may look at the whole source object, undeclared properties included. */
  readonly hasTransforms: boolean;
}

export interface PropertyShape {
  readonly name: string;
  /** The DTO below this property; `null` when its value is taken as it is. */
  readonly nested: NestedShape | null;
  /** Declared as one object: a list there is the sender's mistake, which class-validator would let pass. */
  readonly isSingle: boolean;
  readonly isMap: boolean;
  /** Whether one text stands for a list of one. */
  readonly isList: boolean;
  /** How a text becomes the value, or one element of the list; `null` where the declaration does not say. */
  readonly text: TextReader | null;
  /** The length above which `@ArrayMaxSize()` refuses the list, whatever it holds. */
  readonly maxSize: number;
}

export interface NestedShape {
  /** The shape for this value; `null` when only the libraries can tell. */
  readonly shapeOf: (value: object) => DtoShape | null;
}
