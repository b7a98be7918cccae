import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type OriginRequest, parseOrigins } from '../../../lib/routing/origins.ts';
import { PROPERTY_TIMEOUT, parameters } from '../../support/property.ts';

type Judge = (request: OriginRequest) => boolean;

const isSame = parseOrigins('same') as Judge;
const isBelow = parseOrigins(['https://*.example.com']) as Judge;
const isListed = parseOrigins(['https://app.example.com', 'http://app.example.com:8080']) as Judge;

const label = fc.string({ unit: fc.constantFrom('a', 'b', 'x', '-', '0'), minLength: 1, maxLength: 4 }).map(
  // A label neither begins nor ends with a hyphen, and a name of digits alone would be an address.
  text => `n${text}n`,
);
const host = fc.array(label, { minLength: 1, maxLength: 3 }).map(labels => `${labels.join('.')}.test`);
const port = fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: undefined });
const scheme = fc.constantFrom('http', 'https');

/** Pieces that have made origin checks of others err; joined at random. */
const piece = fc.constantFrom(
  ...['https://', 'http://', 'ws://', 'file://', 'null', 'HTTPS://', '//', 'javascript:', 'data:'],
  ...['app', 'evil', 'example.com', 'EXAMPLE.com', '.example.com', 'xexample.com', 'evil.com'],
  ...['.', '*', '*.', '@', ':', '/', '\\', '#', '?', '%2e', '%00', ' ', '\t', '\n', ',', '。', 'é', 'ﬀ'],
  ...[':443', ':80', ':8080', ':0', ':65536', 'user:pw@', '[::1]', '127.0.0.1', 'localhost', '-', '_'],
);
const crooked = fc.array(piece, { maxLength: 7 }).map(pieces => pieces.join(''));

const DEFAULT_PORT = { http: 80, https: 443 } as const;

/** Host and port in one spelling, by hand. */
function normalised(scheme: 'http' | 'https', host: string, port: number | undefined): string {
  return `${host.toLowerCase()}:${port ?? DEFAULT_PORT[scheme]}`;
}

function written(host: string, port: number | undefined): string {
  return port === undefined ? host : `${host}:${port}`;
}

describe("origins: 'same'", { timeout: PROPERTY_TIMEOUT }, () => {
  it('lets an origin in whose host and port are those of Host, and no other', () => {
    const check = fc.property(scheme, host, port, host, port, (from, one, onePort, other, otherPort) => {
      const request = { origin: `${from}://${written(one, onePort)}`, host: written(other, otherPort) };
      const isDue = normalised(from, one, onePort) === normalised(from, other, otherPort);
      expect(isSame(request)).toBe(isDue);
      expect(isSame({ ...request, host: written(one, onePort) })).toBe(true);
    });
    fc.assert(check, parameters(1000));
  });

  it('takes upper case and a default port for what they are', () => {
    const check = fc.property(scheme, host, (from, name) => {
      const ported = `${from}://${name}:${DEFAULT_PORT[from]}`;
      expect(isSame({ origin: ported, host: name })).toBe(true);
      expect(isSame({ origin: `${from}://${name}`, host: `${name}:${DEFAULT_PORT[from]}` })).toBe(true);
      expect(isSame({ origin: `${from}://${name}`.toUpperCase(), host: name })).toBe(true);
    });
    fc.assert(check, parameters(300));
  });

  it('refuses whatever is not exactly scheme, host and port', () => {
    const check = fc.property(crooked, origin => {
      const isPlain = /^(?:https?|wss?):\/\/app\.example\.com(?::(?:80|443|8080))?$/i.test(origin);
      if (isSame({ origin, host: 'app.example.com' })) expect(isPlain).toBe(true);
      if (isSame({ origin, host: 'app.example.com:8080' })) expect(isPlain).toBe(true);
    });
    fc.assert(check, parameters(3000));
  });

  it('matches nothing against a crooked Host', () => {
    const check = fc.property(crooked, host => {
      if (!isSame({ origin: 'https://app.example.com', host })) return;
      expect(host.toLowerCase()).toMatch(/^app\.example\.com(?::443)?$/);
    });
    fc.assert(check, parameters(3000));
  });
});

describe('origins: a list', { timeout: PROPERTY_TIMEOUT }, () => {
  it('lets every name below a wildcard in, on a label boundary', () => {
    const check = fc.property(fc.array(label, { minLength: 1, maxLength: 3 }), labels => {
      const name = labels.join('.');
      expect(isBelow({ origin: `https://${name}.example.com`, host: '' })).toBe(true);
      expect(isBelow({ origin: `https://${name}.example.com:443`, host: '' })).toBe(true);
      expect(isBelow({ origin: `https://${name}example.com`, host: '' })).toBe(false);
      expect(isBelow({ origin: `https://${name}.example.com.${name}`, host: '' })).toBe(false);
      expect(isBelow({ origin: `http://${name}.example.com`, host: '' })).toBe(false);
      expect(isBelow({ origin: `https://${name}.example.com:444`, host: '' })).toBe(false);
    });
    fc.assert(check, parameters(300));
  });

  it('lets nothing crooked in below a wildcard', () => {
    const check = fc.property(crooked, origin => {
      if (!isBelow({ origin, host: 'app.example.com' })) return;
      expect(origin.toLowerCase()).toMatch(/^https:\/\/[^/\\?#@:\s,*%。]+\.example\.com(?::443)?$/);
    });
    fc.assert(check, parameters(3000));
  });

  it('lets in what it names, with the scheme, and nothing else', () => {
    const check = fc.property(crooked, origin => {
      const isDue = /^(?:https:\/\/app\.example\.com(?::443)?|http:\/\/app\.example\.com:8080)$/i.test(
        origin,
      );
      expect(isListed({ origin, host: 'app.example.com' })).toBe(isDue);
    });
    fc.assert(check, {
      ...parameters(3000),
      examples: [
        ['https://app.example.com'],
        ['HTTPS://APP.example.com:443'],
        ['http://app.example.com:8080'],
      ],
    });
  });
});
