import { crowdWork } from './crowd.ts';
import { idleWork } from './idle.ts';
import { inProcessWork } from './in-process.ts';
import { manyRoutesWork } from './many-routes.ts';
import { pairedWork } from './paired.ts';
import { broadcast, echo, invalid, storm, upgrade, validated } from './sessions.ts';
import { bootWork, startMemoryWork } from './starts.ts';
import type { Work } from './work.ts';

/** Everything that can be measured, in the order of the report. */
export const WORKS: readonly Work[] = [
  pairedWork({ name: 'echo', title: 'Echo', serverWork: 'echo', open: echo, unit: 'message' }),
  pairedWork({
    name: 'validated',
    title: 'Validated echo',
    serverWork: 'validated',
    open: validated,
    unit: 'message',
  }),
  pairedWork({
    name: 'invalid',
    title: 'Invalid messages',
    serverWork: 'validated',
    open: invalid,
    unit: 'message',
  }),
  pairedWork({
    name: 'upgrade',
    title: 'Validated upgrade',
    serverWork: 'upgrade',
    open: upgrade,
    unit: 'connection',
  }),
  pairedWork({ name: 'storm', title: 'Connect storm', serverWork: 'echo', open: storm, unit: 'connection' }),
  pairedWork({
    name: 'broadcast',
    title: 'Broadcast to 100',
    serverWork: 'broadcast',
    open: broadcast,
    unit: 'delivery',
  }),
  manyRoutesWork,
  bootWork,
  startMemoryWork,
  idleWork,
  crowdWork,
  inProcessWork,
];
