import type { Address } from './client.ts';
import type { Exchange } from './pipeline.ts';
import type { Visit } from './visits.ts';

/** What the harness can tell the load generator, one line each; each is answered with `{value}` or `{error}`. */
export type Command =
  | {
      readonly do: 'pipeline';
      readonly key: string;
      readonly addresses: readonly Address[];
      readonly exchanges: readonly Exchange[];
      readonly batch: number;
    }
  | {
      readonly do: 'audience';
      readonly key: string;
      readonly address: Address;
      readonly exchanges: readonly Exchange[];
      readonly size: number;
    }
  | { readonly do: 'run'; readonly key: string; readonly count: number }
  | { readonly do: 'close'; readonly key: string }
  | {
      readonly do: 'visits';
      readonly port: number;
      readonly visits: readonly Visit[];
      readonly count: number;
      readonly concurrency: number;
    }
  | { readonly do: 'probe'; readonly address: Address; readonly texts: readonly string[] }
  | { readonly do: 'gather'; readonly address: Address; readonly size: number }
  | { readonly do: 'disperse' };
