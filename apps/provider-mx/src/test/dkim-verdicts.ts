import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import type { Configuration } from '../config/configuration.js';
import { loadSecrets } from '../config/secret-files.js';
import { dkimRecord } from '../dkim/dkim-key.js';

/** What an independent verifier says of each signature, given the records that the operator is told to publish: algorithm and result, sorted. */
export async function dkimVerdicts(message: string, configuration: Configuration): Promise<[string, string][]> {
  const { dkimKeys } = loadSecrets(configuration);
  const { results } = await dkimVerify(message, { resolver: async (name: string) => {
    const key = dkimKeys.find(({ selector }) => name === `${selector}._domainkey.${configuration.domain}`);
    return key === undefined ? [] : [[dkimRecord(key)]];
  } });
  return results.map(({ algo, status }): [string, string] => [algo ?? '', status.result]).sort();
}
