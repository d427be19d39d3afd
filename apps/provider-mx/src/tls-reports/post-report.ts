// A report by HTTPS, RFC 8460 §5.4. Where to is a stranger's choice: only names are taken, only addresses that are not the operator's own,
// and no redirect is followed.

import { isIP, isIPv6, type LookupFunction } from 'node:net';
import { Agent, request } from 'undici';
import type { NetworkConventions } from '../transport-security/network-conventions.js';

const POST_TIMEOUT_MS = 60_000;
const MAX_ANSWER_BYTES = 16 * 1024;

/** True when it was taken. */
export async function postReport(url: string, gzip: Uint8Array, lookup: LookupFunction, { certificateAuthorities: ca, internalAddresses }: NetworkConventions): Promise<boolean> {
  if (isIP(new URL(url).hostname.replace(/^\[|\]$/g, '')) !== 0) return false;
  const agent = new Agent({ maxResponseSize: MAX_ANSWER_BYTES, connect: { lookup: beyond(internalAddresses, lookup), timeout: POST_TIMEOUT_MS, ...(ca !== null && { ca }) } });
  try {
    const headers = { 'content-type': 'application/tlsrpt+gzip' };
    const { statusCode, body } = await request(url, { method: 'POST', headers, body: gzip, dispatcher: agent, signal: AbortSignal.timeout(POST_TIMEOUT_MS) });
    await body.dump();
    return statusCode >= 200 && statusCode < 300;
  } catch {
    return false;
  } finally {
    await agent.destroy();
  }
}

/** The same look-up without the addresses of the list. */
function beyond(list: NetworkConventions['internalAddresses'], lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => lookup(hostname, { ...options, all: true }, (error, found) => {
    const addresses = Array.isArray(found) ? found.filter(({ address }) => !list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')) : [];
    const [first] = addresses;
    if (error !== null || first === undefined) callback(error ?? Object.assign(new Error('no address of a stranger'), { code: 'ENOTFOUND' }), '', 0);
    else if (options.all === true) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
}
