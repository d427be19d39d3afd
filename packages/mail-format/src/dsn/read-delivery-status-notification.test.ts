import { describe, expect, test } from '@jest/globals';
import { fc, property } from '@paloma/test-kit';
import { encodeUtf8 } from '../octets/octets.js';
import { parseMessage } from '../structure/parse-message.js';
import { formatDeliveryStatusNotification } from './delivery-status-notification.js';
import { readDeliveryStatusNotification, type ReadDeliveryStatus } from './read-delivery-status-notification.js';

function read(text: string): ReadDeliveryStatus | null {
  const octets = encodeUtf8(text.replace(/\r?\n/g, '\r\n'));
  return readDeliveryStatusNotification(octets, parseMessage(octets).rootPart);
}

/** A notice whose part for programs is this. */
const notice = (status: string, { type = 'message/delivery-status', returned = 'Content-Type: text/rfc822-headers\n\nMessage-ID: <m@example.org>\n' } = {}): string =>
  `Content-Type: multipart/report; report-type="delivery-status"; boundary=b\n\n--b\n\nSorry.\n\n--b\nContent-Type: ${type}\n\n${status}\n--b\n${returned}\n--b--\n`;

describe('notices of others', () => {
  test('fields of the message, then of each recipient, with what comments and folds add', () => {
    expect(read(notice([
      'Reporting-MTA: dns; mail.example.net', 'X-Queue-ID: 4Wq', 'Arrival-Date: Mon,  5 Jan 2026 10:00:00 +0100 (CET)', '',
      'Final-Recipient: rfc822; no.one@example.net', 'Original-Recipient: rfc822;No.One@example.net', 'Action: failed', 'Status: 5.1.1 (no such user)',
      'Remote-MTA: dns; mx.example.net', 'Diagnostic-Code: smtp; 550 5.1.1 <no.one@example.net>: Recipient', '    address rejected', '',
      'final-recipient: RFC822;late@example.net', 'action: Delayed', 'status: 4.4.1', 'will-retry-until: Tue, 6 Jan 2026 10:00:00 +0000', '',
    ].join('\n')))).toEqual({
      reportingMta: 'mail.example.net', envelopeId: null, arrivedAt: Date.UTC(2026, 0, 5, 9), originalMessageId: 'm@example.org',
      recipients: [
        {
          finalRecipient: 'no.one@example.net', originalRecipient: 'rfc822;No.One@example.net', action: 'failed', status: '5.1.1', remoteMta: 'mx.example.net',
          diagnostic: '550 5.1.1 <no.one@example.net>: Recipient    address rejected', willRetryUntil: null,
        },
        { finalRecipient: 'late@example.net', originalRecipient: null, action: 'delayed', status: '4.4.1', remoteMta: null, diagnostic: null, willRetryUntil: Date.UTC(2026, 0, 6, 10) },
      ],
    });
  });

  test.each<[string, string, string, string]>([
    ['in ASCII', 'message/delivery-status', 'utf-8; \\x{FC}@example.net', 'ü@example.net'],
    ['in UTF-8', 'message/global-delivery-status', 'utf-8; ü@example.net', 'ü@example.net'],
    ['that is no character', 'message/delivery-status', 'utf-8; \\x{FFFFFFFF}@example.net', '\\x{FFFFFFFF}@example.net'],
    ['without a type', 'message/delivery-status', 'b@example.net', 'b@example.net'],
  ])('an address %s', (_what, type, field, address) => { // RFC 6533 §3
    expect(read(notice(`Reporting-MTA: dns; x\n\nFinal-Recipient: ${field}\nAction: failed\nStatus: 5.0.0\n`, { type }))?.recipients).toMatchObject([{ finalRecipient: address }]);
  });

  test.each([
    ['no action', 'Final-Recipient: rfc822; b@c\nStatus: 5.0.0'], ['an action of its own', 'Final-Recipient: rfc822; b@c\nAction: lost\nStatus: 5.0.0'],
    ['no status code', 'Final-Recipient: rfc822; b@c\nAction: failed\nStatus: 550'], ['no recipient', 'Action: failed\nStatus: 5.0.0'],
  ])('a recipient with %s says nothing', (_what, fields) => {
    expect(read(notice(`Reporting-MTA: dns; x\n\n${fields}\n`))?.recipients).toEqual([]);
  });

  test('the original may come back whole, or not at all', () => {
    const status = 'Reporting-MTA: dns; x\nOriginal-Envelope-Id: QQ 314\n';
    expect(read(notice(status, { returned: 'Content-Type: message/rfc822\n\nSubject: s\nMessage-ID: <whole@example.org>\n\nbody\n' }))).toMatchObject({ originalMessageId: 'whole@example.org', envelopeId: 'QQ 314' });
    expect(read(`Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\n--b\nContent-Type: message/delivery-status\n\n${status}\n--b--\n`)).toMatchObject({ originalMessageId: null });
  });

  test('more recipients than go into one message are not read', () => {
    expect(read(notice(`Reporting-MTA: dns; x\n${'\nFinal-Recipient: rfc822; b@c\nAction: failed\nStatus: 5.0.0\n'.repeat(2_000)}`))?.recipients).toHaveLength(1_000);
  });
});

test.each([
  ['an ordinary message', 'Subject: s\n\nbody\n'],
  ['a receipt', notice('').replace('delivery-status"', 'disposition-notification"')],
  ['a report without its part', 'Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nSorry.\n--b--\n'],
])('%s is no notice', (_what, text) => {
  expect(read(text)).toBeNull();
});

const word = fc.stringMatching(/^[A-Za-z0-9.-]{1,20}$/);
const address = fc.tuple(fc.oneof(word, fc.constantFrom('ü', 'δοκιμή', '😀')), word).map(([local, domain]) => `${local}@${domain}`);
const recipient = fc.record({
  forwardPath: address, originalRecipient: fc.option(word.map((local) => `rfc822;${local}@example.net`)), status: fc.constantFrom('5.1.1', '4.4.7', '2.0.0'),
  diagnostic: fc.option(fc.constantFrom('550 5.1.1 no such mailbox', 'no TLS there')), remoteMta: fc.option(word),
});

property('what is written is read the same', fc.record({
  action: fc.constantFrom('failed', 'delayed', 'relayed', 'delivered'), envelopeId: fc.option(word), arrivedAt: fc.nat(2 ** 31).map((seconds) => seconds * 1000),
  failedRecipients: fc.array(recipient, { minLength: 1, maxLength: 4 }),
} as const), ({ action, ...written }) => {
  const octets = formatDeliveryStatusNotification({
    ...written, action, domain: 'example.org', reportingMta: 'mx.example.org', sender: 'a@example.org', id: 'n', date: 0, original: encodeUtf8('Message-ID: <m@example.org>\r\n\r\nbody\r\n'),
  }, () => 'bnd');
  expect(readDeliveryStatusNotification(octets, parseMessage(octets).rootPart)).toEqual({
    reportingMta: 'mx.example.org', envelopeId: written.envelopeId, arrivedAt: written.arrivedAt, originalMessageId: 'm@example.org',
    recipients: written.failedRecipients.map(({ forwardPath, ...rest }) => ({ ...rest, finalRecipient: forwardPath, action, willRetryUntil: null })),
  });
});
