import { expect, test } from '@jest/globals';
import { parseMailAddress, Redacted } from '@paloma/shared-model';
import { fc, property, seededRandom } from '@paloma/test-kit';
import { openMessage, sealMessage } from './queue-seal.js';

const key = new Redacted(new Uint8Array(32).fill(7));
const message = { reversePath: 'ä@example.org', forwardPaths: [parseMailAddress('b@outside.example')], octets: Buffer.from('canary') };
const seal = (): Buffer => sealMessage(message, 'id-1', key, seededRandom('seal'));

test('what was sealed is opened, under the same key and for the same message alone', () => {
  expect(openMessage(seal(), 'id-1', key)).toEqual(message);
  expect(openMessage(seal(), 'id-2', key)).toBeNull();
  expect(openMessage(seal(), 'id-1', new Redacted(new Uint8Array(32)))).toBeNull();
  expect(seal().toString('latin1')).not.toMatch(/canary|example/);
});

property('no changed or cut octets are opened', fc.tuple(fc.nat(seal().length - 1), fc.integer({ min: 1, max: 255 })), ([at, change]) => {
  const changed = seal();
  changed[at] = changed[at]! ^ change;
  expect(openMessage(changed, 'id-1', key)).toBeNull();
  expect(openMessage(seal().subarray(0, at), 'id-1', key)).toBeNull();
});
