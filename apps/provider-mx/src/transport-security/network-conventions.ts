import { BlockList } from 'node:net';

/** What all hosts of the world have agreed on. Tests bring a small world with an agreement of its own. */
export interface NetworkConventions {
  /** Of hosts that are found by MX records, RFC 5321 §4.5.4.2. */
  smtpPort: number;
  /** Of hosts that serve MTA-STS policies, RFC 8461 §3.3. */
  policyPort: number;
  /** PEM of those who vouch for certificates; null: whom the system trusts. */
  certificateAuthorities: string | null;
  /** Where no stranger's server is: nothing is posted there, whatever a stranger's record says. */
  internalAddresses: BlockList;
}

export const NETWORK_CONVENTIONS: NetworkConventions = { smtpPort: 25, policyPort: 443, certificateAuthorities: null, internalAddresses: internalAddresses() };

/** RFC 6890 as far as hosts of an operator's own may be there; IPv4 in IPv6 is judged as IPv4 by BlockList. */
function internalAddresses(): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of [['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['224.0.0.0', 3]] as const) {
    list.addSubnet(network, prefix, 'ipv4');
  }
  for (const [network, prefix] of [['::', 127], ['64:ff9b::', 96], ['fc00::', 7], ['fe80::', 10], ['ff00::', 8]] as const) list.addSubnet(network, prefix, 'ipv6');
  return list;
}
