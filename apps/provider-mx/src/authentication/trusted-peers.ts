import { BlockList, isIPv6 } from 'node:net';
import type { Configuration } from '../config/configuration.js';

/** Networks of `authentication.trustedPeers`: ourselves, and MTAs of the operator's own in front. */
export class TrustedPeers {
  readonly #networks = new BlockList();

  constructor({ authentication }: Pick<Configuration, 'authentication'>) {
    for (const network of authentication.trustedPeers) {
      const [address = '', prefix] = network.split('/');
      this.#networks.addSubnet(address, Number(prefix), familyOf(address));
    }
  }

  /** `address`: IPv4 or IPv6. */
  has(address: string): boolean {
    return this.#networks.check(address, familyOf(address));
  }
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}
