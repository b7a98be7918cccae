import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type PathPattern,
  parsePath,
  pathShapes,
  restOf,
  tablePaths,
} from '../../../lib/routing/path-pattern.ts';
import { PathRouter } from '../../../lib/routing/path-router.ts';
import { PROPERTY_TIMEOUT, parameters } from '../../support/property.ts';

/** Few names, so that patterns and paths meet. */
const segment = fc.constantFrom('a', 'b', 'c', ':x', ':y', 'é', 'a%20b');
const ending = fc.constantFrom('', '', '/*', '/:last?');
const pattern = fc
  .tuple(fc.array(segment, { minLength: 1, maxLength: 3 }), ending)
  .map(([segments, end]) => parsePath(`/${segments.join('/')}${end}`))
  .filter((parsed): parsed is PathPattern => typeof parsed !== 'string');

/** As many patterns as there are that differ in what they match: two alike are a configuration mistake. */
const patterns = fc.array(pattern, { minLength: 1, maxLength: 8 }).map(list => {
  const taken = new Set<string>();
  return list.filter(each => {
    const shapes = pathShapes(each);
    if (shapes.some(shape => taken.has(shape))) return false;
    for (const shape of shapes) taken.add(shape);
    return true;
  });
});

const piece = fc.constantFrom(
  'a',
  'b',
  'c',
  'd',
  'é',
  'a%20b',
  '%2F',
  '%C3%A9',
  '%E0%A4',
  '%FF',
  '%25',
  '+',
  'a.b',
);
const path = fc.array(piece, { minLength: 1, maxLength: 5 }).map(pieces => `/${pieces.join('/')}`);

/** What a request was routed to. */
interface Routed {
  readonly path: string | null;
  readonly params: Record<string, string>;
}

describe('PathRouter', { timeout: PROPERTY_TIMEOUT }, () => {
  let server: Bun.Server<undefined>;

  beforeAll(() => {
    server = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      fetch: () => Response.json({ path: null, params: {} }),
    });
  });
  afterAll(() => server.stop(true));

  /** Bun's own table, over the wire. */
  function serveByBun(list: readonly PathPattern[]): void {
    const routes: Record<string, (request: Bun.BunRequest) => Response> = {};
    for (const each of list) {
      for (const tablePath of tablePaths(each)) {
        routes[tablePath] = request => {
          const rest = restOf(each, new URL(request.url).pathname);
          const params = { ...request.params, ...(rest === undefined ? {} : { '*': rest }) };
          return Response.json({ path: each.path, params });
        };
      }
    }
    server.reload({ routes, fetch: () => Response.json({ path: null, params: {} }) });
  }

  it('routes every path as Bun’s own table does', async () => {
    const check = fc.asyncProperty(
      patterns,
      fc.array(path, { minLength: 4, maxLength: 8 }),
      async (list, paths) => {
        serveByBun(list);
        const router = new PathRouter(list.map(each => ({ pattern: each, target: each.path })));
        const answers = paths.map(
          async asked => (await (await fetch(`${server.url.origin}${asked}`)).json()) as Routed,
        );
        for (const [at, answer] of (await Promise.all(answers)).entries()) {
          const asked = new URL(`${server.url.origin}${paths[at]}`).pathname;
          const match = router.match(asked);
          const ours =
            match === undefined
              ? { path: null, params: {} }
              : { path: match.target, params: { ...match.params } };
          expect({ asked, ...ours }).toEqual({ asked, ...answer });
        }
      },
    );
    await fc.assert(check, parameters(150));
  });

  it('throws at no path', () => {
    const check = fc.property(patterns, fc.string({ unit: 'binary' }), (list, text) => {
      const router = new PathRouter(list.map(each => ({ pattern: each, target: each.path })));
      const match = router.match(`/${text}`);
      if (match !== undefined) expect(list.map(each => each.path)).toContain(match.target);
    });
    fc.assert(check, parameters(500));
  });

  it('gives parameters without a prototype', () => {
    const router = new PathRouter([
      { pattern: parsePath('/:__proto__/:constructor') as PathPattern, target: 1 },
    ]);
    const check = fc.property(fc.stringMatching(/^[a-z]+$/), fc.stringMatching(/^[a-z]+$/), (one, other) => {
      const { params = {} } = router.match(`/${one}/${other}`) ?? {};
      expect(Object.entries(params)).toEqual([
        ['__proto__', one],
        ['constructor', other],
      ]);
    });
    fc.assert(check, parameters(50));
  });
});
