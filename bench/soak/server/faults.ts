import { Topics } from '../../../lib/connection/topics.ts';
import { Users } from '../../../lib/connection/users.ts';
import { ConnectionScope } from '../../../lib/injection/connection-scope.ts';
import { Admission } from '../../../lib/server/admission.ts';
import { Host } from '../../../lib/server/host.ts';
import { LaneController } from './lane-controller.ts';
import { Ledger } from './ledger.ts';
import { ControlController } from './other-controllers.ts';

const held: unknown[] = [];

/**
 * Mistakes that this server, or Gatewire in it, can be told to make, by name: whether the soak finds them is what
 * makes its silence worth something.
 */
const FAULTS = {
  'keeps connections': () => sometimes(Host.prototype, 'forget', () => {}),
  'keeps users': () => sometimes(Users.prototype, 'leave', () => {}),
  'keeps topics': () => sometimes(Topics.prototype, 'leave', () => true, 1),
  'skips subscribers': () => sometimes(Topics.prototype, 'publish', () => {}, 3),
  'keeps places': () => sometimes(Admission.prototype, 'leave', () => {}),
  'keeps scopes': () => sometimes(ConnectionScope.prototype, 'dispose', async () => []),
  'keeps memory': () =>
    always(LaneController.prototype, 'open', () => void held.push(new Uint8Array(512 * 1024).fill(1))),
  'loses effects': () => sometimes(Ledger.prototype, 'record', () => {}),
  'repeats effects': () =>
    always(Ledger.prototype, 'record', function (this: Ledger, connection, command) {
      if (command % 5 === 0) record.call(this, connection, command);
    }),
  mumbles: () => sometimes(ControlController.prototype, 'echo', () => 'what?'),
  dies: () => void setTimeout(() => process.exit(7), 1500),
} satisfies Record<string, () => void>;

export type Fault = keyof typeof FAULTS | 'reorders';

const { record } = Ledger.prototype;

export function plant(faults: readonly Fault[]): void {
  for (const fault of faults) if (fault !== 'reorders') FAULTS[fault]();
}

type Method = (...args: never[]) => unknown;

/** Lets one call of a method in so many do something else. */
function sometimes<Name extends string, Call extends Method>(
  prototype: { [key in Name]: Call },
  name: Name,
  instead: NoInfer<Call>,
  every = 10,
): void {
  const method = prototype[name];
  let calls = 0;
  prototype[name] = function (this: unknown, ...args: Parameters<Call>) {
    return (++calls % every === 0 ? instead : method).apply(this, args);
  } as unknown as Call;
}

/** Lets every call of a method do something else first. */
function always<Name extends string, Call extends Method>(
  prototype: { [key in Name]: Call },
  name: Name,
  first: NoInfer<(this: never, ...args: Parameters<Call>) => void>,
): void {
  const method = prototype[name];
  prototype[name] = function (this: never, ...args: Parameters<Call>) {
    first.apply(this, args);
    return method.apply(this, args);
  } as unknown as Call;
}
