import { BENCH } from './harness/paths.ts';
import type { ServerWork } from './servers/serve.ts';

/** How a message travels: as it is, or as `{"event", "data"}`. */
export type Dialect = 'plain' | 'envelope';

export interface Contestant {
  /** For the command line. */
  readonly name: string;
  /** For the tables. */
  readonly title: string;
  readonly command: readonly [string, ...string[]];
  readonly dialect: Dialect;
  readonly works: readonly ServerWork[];
}

const CHECKS: readonly ServerWork[] = ['validated', 'upgrade'];
const ALL: readonly ServerWork[] = ['echo', 'validated', 'upgrade', 'broadcast', 'many'];

export const BASELINE = onBun('bun', 'raw Bun, hand-written checks', { works: ALL });

/** The baseline once more: what is read for it is the error of the method. */
export const TWIN: Contestant = { ...BASELINE, name: 'twin', title: '*twin: raw Bun once more*' };

export const CONTESTANTS: readonly Contestant[] = [
  TWIN,
  onBun('gatewire', '**Gatewire**', { works: ALL }),
  onBun('gatewire-events', '**Gatewire**, events route', {
    works: ['echo', 'validated'],
    dialect: 'envelope',
  }),
  onBun('bun-typebox', 'raw Bun, TypeBox', { works: CHECKS }),
  onBun('bun-zod', 'raw Bun, zod', { works: CHECKS }),
  onBun('bun-class-validator', 'raw Bun, class-validator', { works: CHECKS }),
  onBun('elysia', 'Elysia', { works: ALL }),
  onBun('hono', 'Hono, hand-written checks', { works: ALL }),
  onNode('ws', 'ws on Node, hand-written checks', { works: ['echo', 'validated', 'upgrade', 'broadcast'] }),
  onBun('nest', 'NestJS platform-ws on Bun', { works: ALL, dialect: 'envelope', name: 'nest-bun' }),
  onNode('nest', 'NestJS platform-ws on Node', { works: ALL, dialect: 'envelope', name: 'nest-node' }),
];

interface Traits {
  readonly works: readonly ServerWork[];
  readonly dialect?: Dialect;
  readonly name?: string;
}

function onBun(file: string, title: string, { works, dialect = 'plain', name = file }: Traits): Contestant {
  return { name, title, command: [process.execPath, `${BENCH}/servers/${file}.ts`], dialect, works };
}

function onNode(file: string, title: string, { works, dialect = 'plain', name = file }: Traits): Contestant {
  const command = ['node', '--expose-gc', `${BENCH}/.build/${file}.js`] as const;
  return { name, title, command, dialect, works };
}
