import { sealMessage } from 'mailauth';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startNameServer, type Zone } from '@paloma/test-kit/name-server';
import { temporaryDirectory } from '@paloma/test-kit';
import { dkimRecord, loadDkimKeys } from '../dkim/dkim-key.js';
import { dkimSignatures } from '../dkim/dkim-signature.js';
import { SmtpClient } from '../test/smtp-client.js';
import { testProvider } from '../test/test-provider.js';

const zone: Zone = {};
const nameServer = await startNameServer(zone);
const provider = testProvider({ authentication: { policy: 'apply', trustedPeers: [] }, dns: { servers: [nameServer.address] } });
const [ed25519, rsa] = loadDkimKeys(temporaryDirectory());
const MESSAGE = 'From: Ana <ana@sender.example>\r\nSubject: s\r\n\r\nbody\r\n';
const PASSES_SPF = 'v=spf1 ip4:127.0.0.1 -all';
const FAILS_SPF = 'v=spf1 -all';
const REJECT = 'v=DMARC1; p=reject';

let client: SmtpClient;
beforeEach(async () => { client = await SmtpClient.connect(provider.providerMx.ports.mx); });
afterEach(() => {
  client.close();
  for (const key of Object.keys(zone)) delete zone[key];
  nameServer.failing.clear();
  provider.services.forget();
});
afterAll(() => nameServer.stop());

function publish(records: Record<string, string>): void {
  for (const [key, value] of Object.entries(records)) zone[key] = [value];
}

/** The reply to DATA, and what the recipient reads. */
async function send(message: string, reversePath = 'ana@sender.example'): Promise<{ reply: string; received: string | null }> {
  const reply = await client.send(reversePath, ['alice@example.org'], message);
  const [item] = provider.services.itemsOf('alice@example.org');
  return { reply, received: item === undefined ? null : await provider.alice.open(item) };
}

function signed(message: string, domain = 'sender.example'): string {
  publish({ [`${rsa!.selector}._domainkey.${domain}/TXT`]: dkimRecord(rsa!), [`${ed25519!.selector}._domainkey.${domain}/TXT`]: dkimRecord(ed25519!) });
  return dkimSignatures(Buffer.from(message), [rsa!, ed25519!], { domain, nowMs: Date.now() - 1000 }) + message;
}

const field = (received: string | null): string => /^Authentication-Results: ([^]*?)\r\n(?![ \t])/m.exec(received ?? '')?.[1]?.replace(/\r\n/g, '') ?? 'none';

describe.each<[string, Record<string, string>, () => string, RegExp, RegExp | null]>([
  ['nothing is published', {}, () => MESSAGE, /^250 /, /^mx\.example\.org;.*spf=none.*dmarc=none/],
  ['SPF passes', { 'sender.example/TXT': PASSES_SPF, '_dmarc.sender.example/TXT': REJECT }, () => MESSAGE, /^250 /, /spf=pass.*dmarc=pass/],
  ['both signatures pass, and SPF fails', { 'sender.example/TXT': FAILS_SPF, '_dmarc.sender.example/TXT': REJECT }, () => signed(MESSAGE), /^250 /, /dkim=pass.*dkim=pass.*spf=fail.*dmarc=pass/],
  ['the signature is of another domain', { '_dmarc.sender.example/TXT': REJECT }, () => signed(MESSAGE, 'other.example'), /^550 5\.7\.1 .*DMARC/, null],
  ['the message was changed after it was signed', { '_dmarc.sender.example/TXT': REJECT }, () => signed(MESSAGE).replace('body', 'evil'), /^550 5\.7\.1 /, null],
  ['nothing passes and the domain says reject', { 'sender.example/TXT': FAILS_SPF, '_dmarc.sender.example/TXT': REJECT }, () => MESSAGE, /^550 5\.7\.1 /, null],
  ['nothing passes and the domain says quarantine', { 'sender.example/TXT': FAILS_SPF, '_dmarc.sender.example/TXT': 'v=DMARC1; p=quarantine' }, () => MESSAGE, /^250 /, /dmarc=fail.*quarantine/i],
  ['nothing passes and the domain says none', { 'sender.example/TXT': FAILS_SPF, '_dmarc.sender.example/TXT': 'v=DMARC1; p=none' }, () => MESSAGE, /^250 /, /dmarc=fail/],
  ['the organisation of a subdomain says reject', { '_dmarc.sender.example/TXT': REJECT, 'list.sender.example/A': '192.0.2.1' }, () => MESSAGE.replace('ana@', 'ana@list.'), /^550 5\.7\.1 /, null],
])('%s', (_name, records, message, reply, results) => {
  test('is answered and noted', async () => {
    publish(records);
    const outcome = await send(message());
    expect(outcome.reply).toMatch(reply);
    if (results === null) expect(outcome.received).toBeNull();
    else expect(field(outcome.received)).toMatch(results);
  });
});

test.each([
  ['the policy', '_dmarc.sender.example', MESSAGE],
  ['the hosts of the domain, which may be all that passes', 'sender.example', MESSAGE],
])('while the DNS does not tell %s, the sender is to try again', async (_name, failing, message) => {
  publish({ 'sender.example/TXT': PASSES_SPF, '_dmarc.sender.example/TXT': REJECT });
  nameServer.failing.add(failing);
  expect(await send(message, 'bounce@sender.example')).toEqual({ reply: expect.stringMatching(/^451 4\.7\.0 /), received: null });
});

test('a null reverse path is examined by the name in HELO', async () => {
  publish({ 'client.example/TXT': PASSES_SPF });
  expect(field((await send(MESSAGE, '')).received)).toMatch(/spf=pass.*client\.example/);
});

describe('mail whose From names nobody whom DMARC could judge', () => {
  const VICTIM = { '_dmarc.victim.example/TXT': REJECT, 'sender.example/TXT': PASSES_SPF, '_dmarc.sender.example/TXT': REJECT };

  test.each([
    ['two fields', 'From: ceo@victim.example\r\nFrom: ana@sender.example\r\n'],
    ['two fields of one domain', 'From: ceo@sender.example\r\nFrom: ana@sender.example\r\n'],
    ['authors of two domains', 'From: ceo@victim.example, ana@sender.example\r\n'],
    ['an author of no domain beside another', 'From: ana@sender.example, ceo@\r\n'],
  ])('is refused: %s', async (_what, from) => {
    publish(VICTIM);
    expect(await send(`${from}\r\nbody\r\n`)).toEqual({ reply: expect.stringMatching(/^550 5\.7\.1 From must be one field/), received: null });
  });

  test.each([
    ['no field', ''],
    ['an empty one', 'From: \r\n'],
    ['a name alone', 'From: undisclosed\r\n'],
    ['a group of nobody', 'From: Undisclosed senders:;\r\n'],
    ['the null address', 'From: The Boss <>\r\n'],
    ['an address without a domain', 'From: ceo@\r\n'],
    ['an address as an encoded word', 'From: =?utf-8?q?ceo=40victim.example?=\r\n'],
  ])('is refused, also as a notice: %s', async (_what, from) => {
    publish(VICTIM);
    for (const reversePath of ['ana@sender.example', '']) {
      expect(await send(`${from}Subject: s\r\n\r\nbody\r\n`, reversePath)).toEqual({ reply: expect.stringMatching(/^550 5\.7\.1 From must name an author/), received: null });
    }
  });

  test('is judged where all of them are of one domain', async () => {
    publish(VICTIM);
    expect((await send('From: ana@sender.example, ben@sender.example\r\n\r\nbody\r\n')).reply).toMatch(/^250 /);
  });
});

describe('ARC (RFC 8617)', () => {
  const [, rsaOfList] = loadDkimKeys(temporaryDirectory());
  const seal = { signingDomain: 'list.example', selector: 'arc', privateKey: rsaOfList!.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string };

  async function sealed(): Promise<string> {
    publish({ 'arc._domainkey.list.example/TXT': dkimRecord(rsaOfList!) });
    const headers = await sealMessage(Buffer.from(MESSAGE), { ...seal, authResults: 'list.example; spf=pass', cv: 'none' });
    return headers.toString() + MESSAGE;
  }

  test('what a host on the way has sealed is examined, and the outcome noted', async () => {
    expect(field((await send(await sealed())).received)).toMatch(/; *arc=pass/);
  });

  test('a seal over another message fails', async () => {
    expect(field((await send((await sealed()).replace('body', 'evil'))).received)).toMatch(/; *arc=fail/);
  });

  test('a seal is no pass of DMARC: anybody can seal', async () => {
    publish({ '_dmarc.sender.example/TXT': REJECT });
    expect((await send(await sealed())).reply).toMatch(/^550 5\.7\.1 .*DMARC/);
  });
});

test('what claims to be our result is taken out, what others found stays', async () => {
  const forged = ['mx.example.org; dmarc=pass', 'MX.Example.org 1; spf=pass', '(really) mx.example.org\r\n ; dkim=pass', '(a (really) nested \\) comment) mx.example.org; dkim=pass', '"mx.example\\.org"; dkim=pass', 'mx.example.org.; dkim=pass'].map((value) => `Authentication-Results: ${value}\r\n`).join('');
  const { received } = await send(`${forged}Authentication-Results: other.example; dkim=pass\r\n${MESSAGE}`);
  expect(received!.match(/^Authentication-Results: .*/gm)).toEqual([expect.stringMatching(/^Authentication-Results: mx\.example\.org;/), 'Authentication-Results: other.example; dkim=pass']);
  expect(received).not.toContain('really');
  expect(received!.endsWith(`Authentication-Results: other.example; dkim=pass\r\n${MESSAGE}`)).toBe(true);
});

test('a message with more signatures than anybody looks up is still answered', async () => {
  const signatures = Array.from({ length: 300 }, (_, index) => `DKIM-Signature: v=1; a=rsa-sha256; d=s${index}.example; s=x; c=relaxed/simple; h=From; bh=AAAA; b=AAAA\r\n`).join('');
  const before = nameServer.asked.length;
  expect((await send(signatures + MESSAGE)).reply).toMatch(/^[24]/);
  expect(nameServer.asked.length - before).toBeLessThanOrEqual(64);
});
