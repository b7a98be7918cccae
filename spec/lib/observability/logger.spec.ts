import { describe, expect, it } from 'vitest';
import { consoleLogger, type Logger } from '../../../lib/observability/logger.ts';

/** What a logger writes to stderr. */
function written(logger: Logger, log: (logger: Logger) => void): string {
  const { write } = process.stderr;
  let text = '';
  process.stderr.write = (chunk: string | Uint8Array) => {
    text += chunk;
    return true;
  };
  try {
    log(logger);
  } finally {
    process.stderr.write = write;
  }
  return text;
}

const HOSTILE = 'no room \u001b[2J\u009b2J\n2026-11-24T00:00:00.000Z ERROR forged';

describe.each([true, false])('the console logger, pretty %s', isPretty => {
  const logger = consoleLogger({ isPretty });

  it('lets no text of an error act on a terminal or begin a line of its own', () => {
    const text = written(logger, ({ error }) =>
      error({ error: new Error(HOSTILE) }, 'ChatController.say() failed'),
    );
    expect(text).toMatch(/^[^\p{Cc}]+(\n {4}[^\p{Cc}]+)*\n$/u);
    expect(text).toContain('\\u001b[2J\\u009b2J');
  });

  it('lets no fact do so either', () => {
    const text = written(logger, ({ warn }) => warn({ event: HOSTILE }, 'ChatController.say() refused'));
    expect(text).toMatch(/^[^\p{Cc}]+\n$/u);
    expect(text).toContain('\\u001b[2J\\u009b2J\\n2026');
  });
});
