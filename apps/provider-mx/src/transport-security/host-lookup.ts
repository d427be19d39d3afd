import { lookup as systemLookup, promises, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { callbackify } from 'node:util';

const QUERY_TIMEOUT_MS = 5_000;
const QUERY_TRIES = 2;

/** Addresses of a host, for sockets. `servers`: whom to ask; the system knows what they do not, such as the names in its hosts file. */
export function hostLookup(servers: readonly string[]): LookupFunction {
  if (servers.length === 0) return systemLookup as LookupFunction;
  const resolver = new promises.Resolver({ timeout: QUERY_TIMEOUT_MS, tries: QUERY_TRIES });
  resolver.setServers(servers);
  const addressesOf = callbackify(async (hostname: string): Promise<LookupAddress[]> => {
    const answers = await Promise.allSettled([resolver.resolve6(hostname), resolver.resolve4(hostname)]);
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : [])).map((address) => ({ address, family: isIP(address) }));
  });
  return (hostname, options, callback) => {
    addressesOf(hostname, (_error, [first, ...others]) => {
      if (first === undefined) systemLookup(hostname, options, callback);
      else if (options.all === true) callback(null, [first, ...others]);
      else callback(null, first.address, first.family);
    });
  };
}
