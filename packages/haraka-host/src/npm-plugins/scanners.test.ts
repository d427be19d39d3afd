// Unmodified plugins from npm that have the message judged by another program, and hand it over by the message stream. That program
// is a double which knows its protocol: what is shown is what it gets, what its word does, and what is handed on.

import { afterEach, expect, test } from '@jest/globals';
import { startFixture, type Fixture } from '../test/host-fixture.js';
import { joinChunks, startHttpScanner, startScanner, type ScannerDouble } from '../test/scanner-double.js';

const EVIL = 'evil';
const isEvil = (text: string): boolean => text.includes(EVIL);
const messageWith = (word: string): string => `From: ann@good.com\r\nSubject: hello\r\n\r\n.dotted and ${word}\r\n${'more\r\n'.repeat(20_000)}`;

let fixture: Fixture;
let scanner: ScannerDouble;
afterEach(async () => {
  await fixture.stop();
  expect(fixture.failures).toEqual([]);
  await scanner.stop();
});

const scanners: [plugin: string, start: () => Promise<ScannerDouble>, settings: (port: number) => string, refusal: string, added: string][] = [
  [
    'spamassassin',
    () => startScanner((text) => `SPAMD/1.1 0 EX_OK\r\nSpam: ${isEvil(text) ? 'True ; 15.0' : 'False ; 0.5'} / 5.0\r\n\r\nX-Spam-Level: **\r\n\r\n`),
    (port) => `spamd_socket=127.0.0.1:${port}\nreject_threshold=10\n`,
    '550 5.7.1 spam score exceeded threshold',
    'X-Spam-Level: **\r\n',
  ],
  [
    'rspamd',
    () => startHttpScanner((text) => JSON.stringify({ action: isEvil(text) ? 'reject' : 'add header', score: 7.5, required_score: 5, symbols: {} })),
    (port) => `host=127.0.0.1\nport=${port}\n`,
    '550 5.7.1 Detected as spam',
    'X-Rspamd-Score: 7.5\r\n',
  ],
  [
    'clamd',
    () => startScanner((text) => (isEvil(text) ? 'stream: Eicar-Signature FOUND\n' : 'stream: OK\n'), joinChunks),
    (port) => `clamd_socket=127.0.0.1:${port}\n`,
    '550 5.7.1 Message is infected with Eicar-Signature',
    '',
  ],
];

test.each(scanners)('haraka-plugin-%s refuses by its word, and what passes is handed on as it came', async (plugin, start, settings, refusal, added) => {
  scanner = await start();
  fixture = await startFixture({ plugins: [plugin], files: { [`config/${plugin}.ini`]: settings(scanner.port) } });
  const peer = await fixture.connect('198.51.101.10');
  await peer.run('S: 220 mx.example ESMTP\nC: EHLO mail.good.com\nS: 250-mx…');
  for (const [word, reply] of [[EVIL, refusal], ['good', '250 2.6.0 delivered']] as const) {
    await peer.run('C: MAIL FROM:<ann@good.com>\nS: 250 …\nC: RCPT TO:<bob@here.example>\nS: 250 …\nC: DATA\nS: 354 …');
    await peer.write(`${messageWith(word).replace('\r\n.', '\r\n..')}.\r\n`);
    expect(await peer.reply()).toBe(reply);
    expect(scanner.heard.at(-1)!.endsWith(messageWith(word))).toBe(true);
  }
  expect(fixture.delivered.map(String)).toEqual([expect.stringContaining(added)]);
  const [header = '', body] = String(fixture.delivered[0]).split(/(?<=\r\n)\r\n/);
  expect(`${header.slice(0, header.indexOf('hello\r\n') + 7)}\r\n${body}`).toBe(messageWith('good'));
});
