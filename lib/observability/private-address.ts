/** The networks that nobody reaches from the internet (RFC 1918, 3927, 6598), as [first, bits]. */
const PRIVATE_NETWORKS = [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const;

/** The same of IPv6: the machine itself, fc00::/7 (RFC 4193), fe80::/10 (RFC 4291). */
const PRIVATE_IPV6 = /^(?:::1$|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/i;

const networks = PRIVATE_NETWORKS.map(([first, bits]) => ({ bits, prefix: prefixOf(first, bits) }));

/** Whether an address belongs to the machine or to a private network. */
export function isPrivateAddress(address: string): boolean {
  // An IPv4 peer of a socket that listens on both.
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (plain.includes(':')) return PRIVATE_IPV6.test(plain);
  return networks.some(({ bits, prefix }) => prefixOf(plain, bits) === prefix);
}

function prefixOf(address: string, bits: number): number {
  const number = address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
  return Math.floor(number / 2 ** (32 - bits));
}
