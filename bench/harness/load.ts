import type { Command } from '../load/command.ts';
import { Child } from './child.ts';
import { BENCH, ROOT } from './paths.ts';

const ANSWER_WITHIN = 120_000;

type Answer = { readonly value: unknown } | { readonly error: string };

/** The load generator, a process of its own. */
export class Load {
  readonly #child = new Child('the load generator', [process.execPath, `${BENCH}/load/main.ts`], ROOT);

  /** @throws Error with what the load generator found wrong. */
  async tell(command: Command): Promise<unknown> {
    const answer = (await this.#child.ask(JSON.stringify(command), ANSWER_WITHIN)) as Answer;
    if ('error' in answer) throw new Error(answer.error);
    return answer.value;
  }

  stop(): Promise<void> {
    return this.#child.stop();
  }
}
