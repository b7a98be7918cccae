import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Glob } from 'bun';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as gatewire from '../lib/index.ts';
import { OPTION_RULES } from '../lib/routing/option-rules.ts';
import { DEFAULT_OPTIONS } from '../lib/routing/resolve-options.ts';
import * as testing from '../lib/testing/index.ts';
import { Client } from './support/client.ts';
import { withDeadline } from './support/deadline.ts';

const ROOT = join(import.meta.dirname, '..');
const PAGES = ['README.md', ...[...new Glob('docs/*.md').scanSync(ROOT)].sort()];
const FENCE = /^(<!-- continues -->\n+)?```(\w*)\n(.*?)^```$/gms;

interface Snippet {
  readonly page: string;
  /** Of its first line of code. */
  readonly line: number;
  /** Lines of the snippets it continues (`<!-- continues -->` before the fence), which come first in `code`. */
  readonly inherited: number;
  readonly code: string;
}

const texts = new Map(
  await Promise.all(PAGES.map(async page => [page, await Bun.file(join(ROOT, page)).text()] as const)),
);
const snippets = PAGES.flatMap(page => snippetsOf(page, texts.get(page) ?? ''));

/** The TypeScript of a page; one that continues another stands behind it in one module. */
function snippetsOf(page: string, text: string): Snippet[] {
  const found: Snippet[] = [];
  for (const { index, 0: whole, 1: continues, 2: language, 3: own = '' } of text.matchAll(FENCE)) {
    if (language !== 'ts') continue;
    const before = continues === undefined ? '' : (found.at(-1)?.code ?? '');
    const line = countLines(text.slice(0, index + whole.indexOf('```'))) + 2;
    found.push({ page, line, inherited: countLines(before), code: before + own });
  }
  return found;
}

function countLines(text: string): number {
  return text.split('\n').length - 1;
}

/** Makes an application of a snippet's controllers, and prints its name. */
const START = `
import { createApplication, Module } from 'gatewire';

async function start(name) {
  const { parts } = await import(\`./\${name}\`);
  class SnippetModule {}
  Module(parts)(SnippetModule);
  try {
    await createApplication(SnippetModule);
    console.log(name);
  } catch (error) {
    console.error(name, String(error));
  }
}

`;

let folder = '';
/** Where each file came from. */
const files = new Map<string, Snippet>();

beforeAll(async () => {
  await mkdir(join(ROOT, '.reports'), { recursive: true });
  folder = await mkdtemp(join(ROOT, '.reports/docs-'));
  for (const snippet of snippets) {
    const name = `${snippet.page.replaceAll('/', '-')}-${snippet.line}.ts`;
    files.set(name, snippet);
    await Bun.write(join(folder, name), `${snippet.code}${partsOf(snippet.code)}`);
  }
  const config = { extends: '../../tsconfig.json', include: ['*.ts', '../../lib/**/*.d.ts'] };
  await Bun.write(join(folder, 'tsconfig.json'), JSON.stringify(config));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the snippets of the documentation', () => {
  it('are there on every page that shows code', () => {
    const pages = new Set(snippets.map(({ page }) => page));
    const silent = PAGES.filter(page => !pages.has(page));
    expect(silent).toEqual(['docs/architecture.md', 'docs/validation-differences.md']);
  });

  it('compile', async () => {
    const tsc = Bun.spawn(
      [process.execPath, join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder, '--pretty', 'false'],
      { cwd: ROOT, stdout: 'pipe', stderr: 'pipe' },
    );
    const output = await new Response(tsc.stdout).text();
    const faults = output.split('\n').filter(line => line !== '');
    expect(faults.map(placeInPage)).toEqual([]);
    expect(await tsc.exited, await new Response(tsc.stderr).text()).toBe(0);
  }, 60_000);

  it('start without a configuration mistake', async () => {
    const started = [...files].filter(([, { code }]) => code.includes('@WebSocketRoute(') && !isTest(code));
    const lines = started.map(([name]) => `await start(${JSON.stringify(name)});`);
    for (const [name, { code }] of started) {
      const closed = code.replace(/^await app\.listen\(.*$/gm, '');
      await Bun.write(join(folder, 'started', name), `${closed}${partsOf(code)}`);
    }
    await Bun.write(join(folder, 'started/start.ts'), `${START}${lines.join('\n')}`);
    const child = Bun.spawn([process.execPath, join(folder, 'started/start.ts')], {
      cwd: ROOT,
      stdout: 'pipe',
      stderr: 'pipe',
    });
    const [output, faults] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ]);
    expect(faults).toBe('');
    expect(output.split('\n').filter(line => line !== '')).toEqual(started.map(([name]) => name));
  }, 30_000);

  it('pass where they are tests', async () => {
    const tests = [...files].filter(([, { code }]) => isTest(code));
    for (const [name, { code }] of tests) {
      await Bun.write(join(folder, 'tests', name.replace(/ts$/, 'test.ts')), code);
    }
    const child = Bun.spawn([process.execPath, 'test', join(folder, 'tests')], { cwd: ROOT, stderr: 'pipe' });
    const output = await new Response(child.stderr).text();
    expect(await child.exited, output).toBe(0);
    const count = tests.flatMap(([, { code }]) => code.match(/^it\(/gm) ?? []).length;
    expect(output).toContain(` ${count} pass`);
  }, 30_000);
});

/** Whether a snippet holds tests, which want a runner. */
function isTest(code: string): boolean {
  return code.includes("from 'bun:test'");
}

/** A line of `tsc`, about the page: `docs/routes.md:21: error TS…`. */
function placeInPage(fault: string): string {
  const [, file = '', line = '', message = ''] = /([^/]+\.ts)\((\d+),\d+\): (.*)$/.exec(fault) ?? [];
  const snippet = files.get(file);
  if (snippet === undefined) return fault;
  return `${snippet.page}:${snippet.line + Number(line) - 1 - snippet.inherited}: ${message}`;
}

/** Exports the controllers and providers of a snippet, also those that it puts into no module. */
function partsOf(code: string): string {
  const names = (pattern: RegExp) => [...code.matchAll(pattern)].map(([, name = '']) => name);
  const controllers = names(/^@WebSocketRoute\(.*?^(?:export )?class (\w+)/gms);
  const injectable = names(/^@Injectable\(.*?^(?:export )?class (\w+)/gms);
  const providers = injectable.filter(name => !controllers.includes(name));
  return `export const parts = { controllers: [${controllers}], providers: [${providers}] };\n`;
}

describe('the controller of the README', () => {
  it('runs as it is pasted, and answers what the README says', async () => {
    const snippet = snippets.find(({ page }) => page === 'README.md');
    const code = snippet?.code ?? '';
    expect(code).toContain('await app.listen(3000);');
    await Bun.write(
      join(folder, 'readme.ts'),
      code.replace('await app.listen(3000);', 'await app.listen(0);\nconsole.log(app.url);'),
    );
    const child = Bun.spawn([process.execPath, join(folder, 'readme.ts')], {
      cwd: ROOT,
      stdout: 'pipe',
      stderr: 'inherit',
    });
    try {
      const url = await withDeadline(firstLine(child.stdout), 15_000, 'the README printed no URL');
      await using sender = await Client.connect(`${url}/chat/blue`);
      await using other = await Client.connect(`${url}/chat/blue`);
      const [sent, reply, said, refused] = framesIn(texts.get('README.md') ?? '');
      sender.send(sent ?? '');
      // The event was published before the handler returned, so it comes before the reply.
      expect(await sender.take(2)).toEqual([JSON.parse(said ?? ''), JSON.parse(reply ?? '')]);
      expect(await other.next()).toEqual(JSON.parse(said ?? ''));
      sender.send({ event: 'say', data: { text: 'x'.repeat(501) }, id: 1 });
      const start = refused?.slice(0, refused.indexOf('…'));
      expect(await sender.nextFrame()).toSatisfy((frame: string) => frame.startsWith(start ?? 'nothing'));
    } finally {
      child.kill('SIGKILL');
      await child.exited;
    }
  }, 30_000);
});

/** The frames that the README quotes, in their order. */
function framesIn(text: string): string[] {
  return [...text.matchAll(/`(\{"(?:event|id)":.*?\})`/g)].map(([, frame = '']) => frame);
}

async function firstLine(stdout: ReadableStream<Uint8Array>): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of stdout) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes('\n')) return text.slice(0, text.indexOf('\n'));
  }
  throw new Error(`it ended after printing ${JSON.stringify(text)}`);
}

describe('the links of the documentation', () => {
  it.each(PAGES)('lead somewhere: %s', async page => {
    const text = texts.get(page) ?? '';
    const targets = [...text.matchAll(/\]\((?!\w+:)([^)\s]+)\)/g)].map(([, target = '']) => target);
    const broken: string[] = [];
    for (const target of targets) if (!(await leadsSomewhere(page, target))) broken.push(target);
    expect(broken).toEqual([]);
  });
});

async function leadsSomewhere(page: string, target: string): Promise<boolean> {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : join(page, '..', path);
  const exists = (await Bun.file(join(ROOT, file)).exists()) || (await isFolder(file));
  if (!exists || anchor === undefined) return exists;
  return anchorsOf(texts.get(file) ?? '').has(anchor);
}

async function isFolder(path: string): Promise<boolean> {
  return new Glob(`${path}/*`)
    .scan(ROOT)
    .next()
    .then(({ done }) => done !== true);
}

/** The headings of a page, as GitHub makes anchors of them. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.replaceAll(FENCE, '').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map(heading =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}_ -]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

describe('the pages', () => {
  it('list every option of a route with its default', () => {
    const page = texts.get('docs/options.md') ?? '';
    const table = page.slice(page.indexOf('## The options of a route'), page.indexOf('## At the limit'));
    const rows = [...table.matchAll(/^\| `(\w+)` \| (.*?) \|/gm)].map(([, name, value]) => [name, value]);
    const defaults: Readonly<Record<string, unknown>> = { ...DEFAULT_OPTIONS };
    const expected = Object.keys(OPTION_RULES).map(name => {
      return [name, name in defaults ? `\`${JSON.stringify(defaults[name]).replaceAll('"', "'")}\`` : '–'];
    });
    expect(rows).toEqual(expect.arrayContaining(expected));
    expect(rows).toHaveLength(expected.length);
  });

  it('list every metric with its type and its labels', async () => {
    const page = texts.get('docs/metrics.md') ?? '';
    const table = page.slice(page.indexOf('## What is measured'), page.indexOf('## Alerts worth having'));
    const rows = [...table.matchAll(/^\| `(\w+)` \| (\w+) \| (.*?) ?\|/gm)].map(
      ([, name = '', type, labels = '']) => [name, type, ...labels.matchAll(/\w+/g)].join(' '),
    );
    const declared = ['process_resident_memory_bytes gauge', 'process_start_time_seconds gauge'];
    const none = { inc() {}, dec() {}, set() {}, observe() {}, labels: () => none };
    const declare = (type: string) => (options: gatewire.MetricOptions) => {
      declared.push([options.name, type, ...(options.labelNames ?? [])].join(' '));
      return none;
    };
    class EmptyModule {}
    gatewire.Module({})(EmptyModule);
    const backend = {
      counter: declare('counter'),
      gauge: declare('gauge'),
      histogram: declare('histogram'),
    };
    const app = await gatewire.createApplication(EmptyModule, { logger: false, metrics: { backend } });
    await app.listen(0);
    await app.close();
    expect(rows.sort()).toEqual(declared.sort());
  });

  it('name everything that is exported', () => {
    const all = [...texts.values()].join('\n');
    // Each status has an exception of its own, with NestJS's name.
    const exported = [...Object.keys(gatewire), ...Object.keys(testing)];
    const names = exported.filter(name => !/^(?!Ws|Http)\w+Exception$|^HttpVersion/.test(name));
    const unnamed = names.filter(name => !new RegExp(`\\b${name}\\b`).test(all));
    expect(unnamed).toEqual([]);
  });
});
