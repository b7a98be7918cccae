import { describe, expect, it } from 'vitest';
import { isPrivateAddress } from '../../../lib/observability/private-address.ts';

describe('isPrivateAddress()', () => {
  it.each([
    ...['127.0.0.1', '127.255.0.9', '10.0.0.1', '10.255.255.255', '172.16.0.0', '172.31.255.255'],
    ...['192.168.4.5', '169.254.1.1', '100.64.0.1', '100.127.255.255', '::ffff:10.1.2.3', '::1'],
    ...['fc00::1', 'fd12:3456::1', 'fe80::1', 'FEBF::1'],
  ])('says so of %s', address => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  it.each([
    ...['8.8.8.8', '11.0.0.0', '126.255.255.255', '128.0.0.0', '172.15.255.255', '172.32.0.0', '192.169.0.0'],
    ...[
      '100.63.255.255',
      '100.128.0.0',
      '169.253.0.0',
      '::ffff:8.8.8.8',
      '2001:db8::1',
      'fec0::1',
      '::2',
      'fb00::1',
    ],
    ...['', 'localhost', '10'],
  ])('does not say so of %j', address => {
    expect(isPrivateAddress(address)).toBe(false);
  });
});
