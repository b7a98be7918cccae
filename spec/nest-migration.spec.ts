import { describe, expect, it } from 'vitest';
import { Client } from './support/client.ts';
import { rawUpgrade } from './support/raw.ts';
import { runScript, startSample, startScript } from './support/sample.ts';

const HEARD = `\
ada joined {"name":"Bob"}
ada said {"by":"Ada","text":"hello"}
bob message {"by":"Ada","text":"hello"}
bob exception Validation failed
bob said {"by":"Bob","text":"hi"}
ada message {"by":"Bob","text":"hi"}
ada history [{"by":"Bob","text":"hi"}]
ada replayed {"by":"Ada","text":"hello"}
ada replayed {"by":"Bob","text":"hi"}
ada left {"name":"Bob"}
the stranger is outside
`;

const STRANGER = '/chat?room=blue&token=stolen';

/** NestJS's own server: it serves the sample's module without Express. */
const before = () => startScript('spec/support/nest-server.ts');
const after = () => startSample('nest-migration/after');

describe.each([
  ['before, with NestJS', before],
  ['after, with Gatewire', after],
])('samples/nest-migration %s', (_name, start) => {
  it('is heard by its clients as it always was', async () => {
    await using server = await start();
    expect(await runScript('samples/nest-migration/client.ts', server.url)).toBe(HEARD);
  });
});

describe('what the migration changes for a stranger', () => {
  it('is that an open connection is closed before', async () => {
    await using server = await before();
    await using client = await Client.connect(server.url + STRANGER);
    expect(await client.closed()).toEqual({ code: 1008, reason: 'unknown token' });
  });

  it('is that there is no connection after', async () => {
    await using server = await after();
    const refused = await rawUpgrade(server.url + STRANGER);
    expect(refused.json()).toEqual({ statusCode: 401, code: 'unauthenticated', message: 'unknown token' });
  });
});
