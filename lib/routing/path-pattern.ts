/** One piece of a path between slashes. */
type Segment =
  /** Percent-encoded, as it stands in a request. */
  | { readonly kind: 'static'; readonly text: string }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'rest' };

/** A path as written in `@WebSocketRoute()`, taken apart. */
export interface PathPattern {
  readonly path: string;
  readonly segments: readonly Segment[];
  /** Whether the last segment is a `:param?`. */
  readonly isLastOptional: boolean;
  /** Names of its parameters, `*` for the rest. */
  readonly names: readonly string[];
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Takes a path apart; a text says what is wrong with it. */
export function parsePath(path: string): PathPattern | string {
  if (typeof path !== 'string' || !path.startsWith('/')) return 'a path starts with "/"';
  if (/[?#\s]/.test(path.replace(/\?$/, ''))) return 'a path has no query, fragment or white space';
  const isLastOptional = path.endsWith('?');
  const texts = trimSlash(isLastOptional ? path.slice(0, -1) : path)
    .slice(1)
    .split('/');
  if (path === '/') texts.pop();
  const segments: Segment[] = [];
  for (const [at, text] of texts.entries()) {
    const segment = parseSegment(text, at === texts.length - 1);
    if (typeof segment === 'string') return segment;
    segments.push(segment);
  }
  if (isLastOptional && segments.at(-1)?.kind !== 'parameter') return 'only a parameter can be optional';
  const names = segments.flatMap(segment => nameOf(segment) ?? []);
  if (new Set(names).size < names.length) return 'a parameter name stands twice in it';
  return { path, segments, isLastOptional, names };
}

function parseSegment(text: string, isLast: boolean): Segment | string {
  if (text === '') return 'a path has no empty segment';
  if (text === '*') return isLast ? { kind: 'rest' } : '"*" is the last segment of a path';
  if (!text.startsWith(':'))
    return text.includes('*')
      ? '"*" stands alone in its segment'
      : { kind: 'static', text: encodeStatic(text) };
  const name = text.slice(1);
  return NAME.test(name) ? { kind: 'parameter', name } : `"${text}" is no parameter name`;
}

/** `/café` is asked for as `/caf%C3%A9`; what is encoded already stays. */
function encodeStatic(text: string): string {
  return encodeURI(text).replaceAll('%25', '%');
}

/**
 * The paths of Bun's routes table that stand for a pattern. Those with a trailing slash are not among them:
 * Bun takes 80 ms to read a table of a thousand paths and 300 ms for two thousand, and few requests have one.
 */
export function tablePaths(pattern: PathPattern): string[] {
  return variants(pattern).map(segments => `/${segments.map(textOf).join('/')}`);
}

/** What two patterns have in common when they match the same paths: `/a/:x` and `/a/:y` are both `/a/:`. */
export function pathShapes(pattern: PathPattern): string[] {
  return variants(pattern).map(segments =>
    segments
      .map(segment => (segment.kind === 'static' ? segment.text : segment.kind === 'rest' ? '*' : ':'))
      .join('/'),
  );
}

function variants({ segments, isLastOptional }: PathPattern): (readonly Segment[])[] {
  return isLastOptional ? [segments, segments.slice(0, -1)] : [segments];
}

function textOf(segment: Segment): string {
  if (segment.kind === 'static') return segment.text;
  return segment.kind === 'rest' ? '*' : `:${segment.name}`;
}

function nameOf(segment: Segment): string | undefined {
  if (segment.kind === 'static') return undefined;
  return segment.kind === 'rest' ? '*' : segment.name;
}

/** The parameters of a path that a pattern matches, percent-decoded; `undefined` where it does not match. */
export function matchPath(pattern: PathPattern, path: string): Record<string, string> | undefined {
  const texts = path === '/' ? [] : trimSlash(path).slice(1).split('/');
  const params: Record<string, string> = Object.create(null);
  for (const [at, segment] of pattern.segments.entries()) {
    const text = texts[at];
    if (segment.kind === 'rest') return withRest(params, path, at);
    if (text === undefined) return isOmitted(pattern, at) ? params : undefined;
    if (segment.kind === 'parameter') params[segment.name] = decodeSegment(text);
    else if (segment.text !== text) return undefined;
  }
  return texts.length === pattern.segments.length ? params : undefined;
}

/** What a trailing `*` stands for: Bun's own table does not say. */
export function restOf(pattern: PathPattern, path: string): string | undefined {
  const at = pattern.segments.length - 1;
  return pattern.segments[at]?.kind === 'rest' ? withRest({}, path, at)?.['*'] : undefined;
}

function withRest(
  params: Record<string, string>,
  path: string,
  at: number,
): Record<string, string> | undefined {
  const parts = path.slice(1).split('/');
  if (parts.length <= at) return undefined;
  params['*'] = parts.slice(at).map(decodeSegment).join('/');
  return params;
}

function isOmitted({ isLastOptional, segments }: PathPattern, at: number): boolean {
  return isLastOptional && at === segments.length - 1;
}

function trimSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

/** Decodes as Bun does for its own parameters: what is no valid escape becomes U+FFFD. */
function decodeSegment(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return new TextDecoder().decode(Uint8Array.from(percentBytes(text)));
  }
}

function* percentBytes(text: string): Iterable<number> {
  for (let at = 0; at < text.length; at++) {
    const byte = text[at] === '%' ? Number.parseInt(text.slice(at + 1, at + 3), 16) : Number.NaN;
    if (Number.isNaN(byte)) {
      yield* new TextEncoder().encode(text[at]);
    } else {
      yield byte;
      at += 2;
    }
  }
}
