import { parseArgs } from 'node:util';

/** How much is measured; CPU times in µs. */
export interface Settings {
  /** Times that all processes are started anew. */
  readonly generations: number;
  /** Pairs in each generation. */
  readonly pairs: number;
  /** Messages that the load generator writes together on one connection. */
  readonly batch: number;
  /** CPU of the server in one half of a pair. */
  readonly slice: number;
  /** CPU of each server before its first pair. */
  readonly warmUp: number;
  /** Processes that are started for a figure of memory or of boot time. */
  readonly starts: number;
  /** Idle connections. */
  readonly crowd: number;
}

export interface Options {
  readonly settings: Settings;
  /** Names of works; empty is all. */
  readonly only: readonly string[];
  /** Names of contestants; empty is all. */
  readonly against: readonly string[];
  /** The contestant to profile, instead of measuring. */
  readonly profile: string | undefined;
  /** Where the markdown goes besides stdout. */
  readonly out: string | undefined;
}

const FULL: Settings = {
  generations: 3,
  pairs: 9,
  batch: 4,
  slice: 50_000,
  warmUp: 1_000_000,
  starts: 7,
  crowd: 10_000,
};
const QUICK: Settings = {
  generations: 2,
  pairs: 3,
  batch: 4,
  slice: 15_000,
  warmUp: 300_000,
  starts: 3,
  crowd: 2_000,
};

export const USAGE = `bun run bench [--quick] [--only echo,validated] [--against gatewire,elysia] [--pairs 27] [--batch 4] [--out file.md]
bun run bench --profile gatewire [--only echo,validated]`;

export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      against: { type: 'string', default: '' },
      pairs: { type: 'string' },
      batch: { type: 'string', default: '4' },
      profile: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const batch = wholeNumber('--batch', values.batch);
  const settings = { ...(values.quick ? QUICK : FULL), batch };
  return {
    settings:
      values.pairs === undefined ? settings : withPairs(settings, wholeNumber('--pairs', values.pairs)),
    only: list(values.only),
    against: list(values.against),
    profile: values.profile,
    out: values.out,
  };
}

function withPairs(settings: Settings, pairs: number): Settings {
  return { ...settings, pairs: Math.ceil(pairs / settings.generations) };
}

function wholeNumber(option: string, text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new RangeError(`${option} takes a number from 1 to 9999`);
  return Number(text);
}

function list(text: string): string[] {
  return text.split(',').filter(name => name !== '');
}
