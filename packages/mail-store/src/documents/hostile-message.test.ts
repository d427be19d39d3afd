// Messages made to break a store: each is filed, found and given back octet for octet, in bounded time.

import { describe, expect, test } from '@jest/globals';
import { fc, HOSTILE_MESSAGES, property, temporaryDirectory, processorMs } from '@paloma/test-kit';
import type { EmailId, MailboxId } from '@paloma/shared-model';
import { openExampleStore } from '../test/example-store.js';

const directory = temporaryDirectory();
const INBOX = 'inbox' as MailboxId;
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const part = (boundary: string, inner: string): string => `Content-Type: multipart/mixed; boundary=${boundary}\r\n\r\n--${boundary}\r\n${inner}\r\n--${boundary}--\r\n`;

/** A quarter of a megabyte. */
const UNITS = 2_500;

const HOSTILE: readonly [name: string, octets: Uint8Array][] = [
  ['a header of three megabytes', ascii(`X-A: ${'a'.repeat(3_000_000)}`)],
  ['a hundred thousand header fields', ascii(`${'X-A: b\r\n'.repeat(100_000)}\r\nbody`)],
  ['ten thousand references', ascii(`References: ${Array.from({ length: 10_000 }, (_, index) => `<${index}@x>`).join(' ')}\r\n\r\n`)],
  ['ten thousand parts', ascii(`Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\nContent-Type: text/plain; name="ünï"\r\n\r\nx\r\n'.repeat(10_000)}--b--`)],
  ['a thousand levels', ascii(Array.from({ length: 1000 }, (_, index) => `b${index}`).reduce((inner, boundary) => part(boundary, inner), 'x'))],
  ['a text of ten million tags', ascii(`Content-Type: text/html\r\n\r\n${'<b>'.repeat(3_000_000)}`)],
  ['a subject of encoded words and NULs', ascii(`Subject: ${'=?utf-8?q?=00=ff?= '.repeat(5000)}\r\n\r\n\0`)],
  ['a file name of a prototype', ascii('Content-Type: text/plain; __proto__=x; name="__proto__"\r\n\r\nx')],
  ...HOSTILE_MESSAGES.map(({ name, build }) => [name, build(UNITS)] as [string, Uint8Array]),
];

describe('hostile messages', () => {
  test.each(HOSTILE)('%s', async (_name, octets) => {
    const subject = openExampleStore(directory);
    const startedAt = processorMs();
    const outcome = await subject.store.append({ octets, mailboxIds: [INBOX] });
    const { emailId } = outcome as { emailId: EmailId };
    expect(Buffer.compare((await subject.store.loadMessageBytes(emailId))!, octets)).toBe(0);
    expect(await subject.store.getEmails([emailId])).toHaveLength(1);
    expect(processorMs() - startedAt).toBeLessThan(10_000);
    subject.close();
  }, 30_000);

  property('any octets are kept', fc.uint8Array({ maxLength: 2000 }), async (octets) => {
    const subject = openExampleStore(directory);
    const outcome = await subject.store.append({ octets, mailboxIds: [INBOX] });
    expect(Buffer.compare((await subject.store.loadMessageBytes((outcome as { emailId: EmailId }).emailId))!, octets)).toBe(0);
    subject.close();
  }, { numRuns: 20 });

  test.each(['"', '" OR body : "', '{body} : "x"', 'NEAR(a b)', '*', '😀😀😀', '\0\0\0', '\ud800abc', '%_%'])('the search text %j is text and nothing else', async (text) => {
    const subject = openExampleStore(directory);
    await subject.store.append({ octets: ascii('Subject: plain\r\n\r\nplain'), mailboxIds: [INBOX] });
    expect((await subject.store.query({ text }, [], { position: 0, limit: null, collapseThreads: false, calculateTotal: true })).total).toBe(0);
    subject.close();
  });
});
