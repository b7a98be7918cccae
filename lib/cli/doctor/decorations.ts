import { blankLiterals, enclosed, partsOf, type Span } from '../source-scan.ts';

/** A decorated class or member, as Bun compiles it. */
export interface Decoration {
  readonly className: string;
  /** `undefined` for the class, whose parameters are those of its constructor. */
  readonly member: string | undefined;
  /** Its decorators as they are called: `OnMessage("say")`. */
  readonly decorators: readonly string[];
  readonly parameters: readonly DecoratedParameter[];
  /** The name of its own type, of a decorated property. */
  readonly type: string | undefined;
}

export interface DecoratedParameter {
  /** The name that its type has at run time; `undefined` for an expression. */
  readonly type: string | undefined;
  readonly decorators: readonly string[];
}

/** Reads decorators and reflected types from compiled code: Bun's own parser has told types and values apart. */
export function readDecorations(compiled: string): readonly Decoration[] {
  const blanked = blankLiterals(compiled);
  return [...blanked.matchAll(/__legacyDecorateClassTS\w*\((?=\[)/g)].flatMap(({ index, 0: { length } }) => {
    const list = enclosed(blanked, index + length);
    if (list === undefined) return [];
    const target = /^\], ([\w$]+)(?:\.prototype)?(?:, "([^"]*)")?/.exec(compiled.slice(list.end));
    return target === null ? [] : [decorationOf({ compiled, blanked, list }, target[1] ?? '', target[2])];
  });
}

interface Call {
  readonly compiled: string;
  readonly blanked: string;
  /** The decorators, inside their brackets. */
  readonly list: Span;
}

function decorationOf(
  { compiled, blanked, list }: Call,
  className: string,
  member: string | undefined,
): Decoration {
  const texts = partsOf(blanked, list).map(({ start, end }) => compiled.slice(start, end));
  const types = metadataOf(texts, 'paramtypes');
  const ofParameter = texts.flatMap(text => {
    const [, at, decorator] = /^__legacyDecorateParamTS\w*\((\d+), ([\s\S]*)\)$/.exec(text) ?? [];
    return decorator === undefined ? [] : [{ at: Number(at), decorator }];
  });
  return {
    className,
    member,
    decorators: texts.filter(text => !text.startsWith('__legacy')),
    type: typeName(metadataOf(texts, 'type')),
    parameters: (types === undefined ? [] : elementsOf(types)).map((type, at) => ({
      type: typeName(type),
      decorators: ofParameter.filter(found => found.at === at).map(({ decorator }) => decorator),
    })),
  };
}

function metadataOf(texts: readonly string[], key: string): string | undefined {
  const start = new RegExp(`^__legacyMetadataTS\\w*\\("\\w+:${key}", `);
  const text = texts.find(candidate => start.test(candidate));
  return text?.replace(start, '').slice(0, -1);
}

function elementsOf(list: string): readonly string[] {
  return partsOf(list, { start: 1, end: list.length - 1 }).map(({ start, end }) => list.slice(start, end));
}

/** `Say` of `typeof Say === "undefined" ? Object : Say`. */
function typeName(type: string | undefined): string | undefined {
  return /(?:^| : )([\w$.]+)$/.exec(type ?? '')?.[1];
}
