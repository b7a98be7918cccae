import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../lib/observability/logger.ts';
import { Admission } from '../../../lib/server/admission.ts';
import { addressOf } from '../../../lib/server/forwarded.ts';

const LIMITS = {
  maxConnections: 10,
  maxConnectionsPerIp: 1,
  maxPendingUpgrades: 10,
  upgradeTimeout: 10,
  proxies: 1,
};

/** The address that a proxy names in `X-Forwarded-For`. */
function forwarded(entry: string): string {
  const request = new Request('http://localhost/', { headers: { 'X-Forwarded-For': `6.6.6.6, ${entry}` } });
  const server = { requestIP: () => ({ address: '10.0.0.1', port: 1, family: 'IPv4' }) };
  return addressOf(request, server as never, 1) ?? '';
}

/** Whether two clients share the places of one address. */
function shareOne(first: string, second: string): boolean {
  const admission = new Admission(LIMITS, new Set(), silentLogger);
  admission.take(forwarded(first));
  return admission.take(forwarded(second)) === null;
}

describe('the address of a client behind a proxy', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['203.0.113.7:4711', '203.0.113.7'],
    ['2001:db8::7', '2001:db8::7'],
    ['[2001:db8::7]', '2001:db8::7'],
    ['[2001:db8::7]:4711', '2001:db8::7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:203.0.113.7', '203.0.113.7'],
    ['[::ffff:203.0.113.7]:4711', '203.0.113.7'],
    ['x'.repeat(54), '10.0.0.1'],
    ['', '10.0.0.1'],
  ])('%s is %s', (entry, address) => {
    expect(forwarded(entry)).toBe(address);
  });
});

describe('the connections of one address', () => {
  it.each([
    ['203.0.113.7:4711', '203.0.113.7:4712'],
    ['[2001:db8::7]:4711', '[2001:db8::7]:4712'],
    ['2001:db8:1:2::7', '2001:db8:1:2:ffff::'],
    ['2001:DB8::7', '2001:db8::8'],
  ])('are those of %s and %s together', (first, second) => {
    expect(shareOne(first, second)).toBe(true);
  });

  it.each([
    ['203.0.113.7', '203.0.113.8'],
    ['2001:db8:1:2::7', '2001:db8:1:3::7'],
    ['::FFFF:203.0.113.7', '::FFFF:203.0.113.8'],
    ['::ffff:cb00:7107', '::ffff:cb00:7108'],
  ])('are not those of %s and %s together', (first, second) => {
    expect(shareOne(first, second)).toBe(false);
  });

  it('give their places back', () => {
    const admission = new Admission(LIMITS, new Set(), silentLogger);
    const place = admission.take('2001:db8::7');
    expect(place).not.toBeNull();
    if (place !== null) admission.leave(place);
    expect(admission.take('2001:db8::8')).not.toBeNull();
  });
});
