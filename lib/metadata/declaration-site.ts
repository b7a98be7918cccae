import { dirname, relative } from 'node:path';

/** Where these sources are, or the bundle that they are part of. */
const OURS = `${dirname(import.meta.dirname)}/`;
const FRAME = /^\s*at (?:(.*?) \()?(?:file:\/\/)?(\/.*?):(\d+):\d+\)?$/;
/** The function by which compilers apply decorators, where it stands in the file itself. */
const APPLIES_DECORATORS = /decorate/i;

/** The line at which a class was decorated: its stack is read only if a mistake has to name it. */
export class DeclarationSite {
  readonly #error = new Error('declared here');

  /** `src/chat.controller.ts:4`; `undefined` where the stack does not say, as in one file with Gatewire. */
  describe(): string | undefined {
    for (const line of this.#error.stack?.split('\n') ?? []) {
      const [, name = '', file = '', at] = FRAME.exec(line) ?? [];
      if (file === '' || isOfTheTools(file) || APPLIES_DECORATORS.test(name)) continue;
      const path = relative(process.cwd(), file);
      return `${path.startsWith('..') ? file : path}:${at}`;
    }
    return undefined;
  }
}

function isOfTheTools(file: string): boolean {
  return file.startsWith(OURS) || file.includes('/node_modules/');
}
