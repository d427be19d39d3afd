import { join } from 'node:path';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { fc, property, temporaryDirectory } from '@paloma/test-kit';
import { dkimRecord, loadDkimKeys } from './dkim-key.js';
import { dkimSignatures } from './dkim-signature.js';

const NOW_MS = Date.UTC(2026, 0, 1);
const directory = temporaryDirectory();
const damaged = temporaryDirectory();
const keys = loadDkimKeys(directory);

/** What mailauth makes of the signatures, by algorithm. */
async function verdicts(message: Buffer): Promise<Record<string, string>> {
  const records = new Map(keys.map((key) => [`${key.selector}._domainkey.example.org`, dkimRecord(key)]));
  const resolver = async (name: string): Promise<string[][]> => [[records.get(name)!]];
  const { results } = await dkimVerify(message, { resolver, curTime: new Date(NOW_MS) } as never);
  return Object.fromEntries(results.map((result) => [result.algo, result.status.result]));
}

const signed = (message: Buffer): Buffer => Buffer.concat([Buffer.from(dkimSignatures(message, keys, { domain: 'example.org', nowMs: NOW_MS })), message]);
const VALID = { 'rsa-sha256': 'pass', 'ed25519-sha256': 'pass' };
const HEADER = 'From: a@example.org\r\nTo: b@other.example,\r\n\tc@other.example\r\nSubject:  two   spaces \r\nAutocrypt: addr=a@example.org;\r\n keydata=AAAA\r\nX-Free: yes\r\n';

test('keys are made once, for their owner alone', () => {
  expect(loadDkimKeys(directory).map(dkimRecord)).toEqual(keys.map(dkimRecord));
  expect(statSync(join(directory, 'dkim', 'paloma-rsa.pem')).mode & 0o777).toBe(0o600);
  expect(JSON.stringify(keys)).not.toContain('PRIVATE');
});

test('a file that holds no key is named', () => {
  mkdirSync(join(damaged, 'dkim'));
  writeFileSync(join(damaged, 'dkim', 'mine.pem'), 'nothing');
  expect(() => loadDkimKeys(damaged)).toThrow(expect.objectContaining({ code: 'filesUnusable', message: expect.stringContaining('mine.pem') as unknown }));
});

test.each([
  ['an ordinary body', `${HEADER}\r\nbody\r\n`],
  ['no body', `${HEADER}\r\n`],
  ['no empty line', HEADER],
  ['a body of empty lines', `${HEADER}\r\n\r\n\r\n`],
  ['empty lines at the end', `${HEADER}\r\nbody\r\n\r\n\r\n`],
  ['no line end at the end', `${HEADER}\r\nbody`],
  ['a lone CR at the end', `${HEADER}\r\nbody\r\n\r`],
  ['octets above 127', `${HEADER}Subject: Grüße\r\n\r\nGrüße\r\n`],
  ['two fields of one name', `From: x@example.org\r\n${HEADER}\r\nbody\r\n`],
])('%s: mailauth verifies both signatures', async (_name, message) => {
  expect(await verdicts(signed(Buffer.from(message)))).toEqual(VALID);
});

test.each(['From: evil@example.org', 'Subject: other', 'Autocrypt: addr=a@example.org; keydata=EVIL', 'List-Unsubscribe: <https://evil.example>'])(
  'a field put on top breaks the signatures: %s', async (field) => {
    const message = signed(Buffer.from(`${HEADER}\r\nbody\r\n`));
    expect(await verdicts(Buffer.concat([Buffer.from(`${field}\r\n`), message]))).toEqual({ 'rsa-sha256': 'fail', 'ed25519-sha256': 'fail' });
  });

test('a field that is not signed may come and go', async () => {
  const message = signed(Buffer.from(`${HEADER}\r\nbody\r\n`)).toString().replace('X-Free: yes', 'X-Free: no');
  expect(await verdicts(Buffer.from(`Received: by relay\r\n${message}`))).toEqual(VALID);
});

property('any text stays verifiable, and one changed octet of the body is seen', fc.tuple(fc.string({ unit: 'binary', maxLength: 200 }), fc.array(fc.constantFrom('a', ' ', '\t', '\r\n', 'é'), { maxLength: 40 })), async ([subject, body]) => {
  const message = signed(Buffer.from(`From: a@example.org\r\nSubject: ${subject.replace(/[\r\n\0]/g, '')}\r\n\r\n${body.join('')}`));
  expect(await verdicts(message)).toEqual(VALID);
  expect(Object.values(await verdicts(Buffer.concat([message, Buffer.from('x')])))).not.toContain('pass');
});
