import { expect, test } from '@jest/globals';
import { simpleParser } from 'mailparser';
import { encodeUtf8 } from '../octets/octets.js';
import { parseMessage } from '../structure/parse-message.js';
import { partEnd } from '../structure/part-tree.js';
import { formatDeliveryStatusNotification, type DeliveryStatusNotification } from './delivery-status-notification.js';

test('a notice tells people and programs what failed, with the header of the message and not its body', async () => {
  const octets = formatDeliveryStatusNotification({
    domain: 'example.org', reportingMta: 'mx.example.org', sender: 'a@example.org', id: 'n1', date: 0, arrivedAt: 0,
    failedRecipients: [
      { forwardPath: 'b@example.net', status: '5.1.1', diagnostic: '550 5.1.1 no such mailbox\r\nX: y', remoteMta: 'mx.example.net' },
      { forwardPath: 'ü@example.net', status: '5.4.4', diagnostic: null, remoteMta: null },
    ],
    original: encodeUtf8('From: a@example.org\nSubject: hello\n\nthe body\n'),
  }, () => 'bnd');
  const { rootPart } = parseMessage(octets);
  const bodies = rootPart.children.map((part) => Buffer.from(octets.subarray(part.bodyOffset, partEnd(part))).toString());
  expect(rootPart.parameters).toMatchObject({ 'report-type': 'delivery-status' });
  expect(rootPart.children.map((part) => part.mediaType)).toEqual(['text/plain', 'message/delivery-status', 'text/rfc822-headers']);
  expect(bodies[1]).toBe('Reporting-MTA: dns; mx.example.org\r\nArrival-Date: Thu, 1 Jan 1970 00:00:00 +0000\r\n\r\n'
    + 'Final-Recipient: rfc822; b@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\nRemote-MTA: dns; mx.example.net\r\nDiagnostic-Code: smtp; 550 5.1.1 no such mailbox X: y\r\n\r\n'
    + 'Final-Recipient: utf-8; \\x{FC}@example.net\r\nAction: failed\r\nStatus: 5.4.4\r\n');
  expect(bodies[2]).toBe('From: a@example.org\r\nSubject: hello\r\n\r\n');
  expect(Buffer.from(octets).toString()).not.toContain('the body');
  expect((await simpleParser(Buffer.from(octets))).to).toMatchObject({ value: [{ address: 'a@example.org' }] });
});

test('a notice of delay names the envelope and the recipient as the sender did, and says how long it is tried', () => {
  const octets = formatDeliveryStatusNotification({
    domain: 'example.org', reportingMta: 'mx.example.org', sender: 'a@example.org', id: 'n1', date: 0, arrivedAt: 0,
    action: 'delayed', envelopeId: 'QQ314159', willRetryUntil: 86_400_000,
    failedRecipients: [{ forwardPath: 'b@example.net', originalRecipient: 'rfc822;B@example.net', status: '4.7.5', diagnostic: 'no TLS there', remoteMta: null }],
    original: encodeUtf8('Subject: hello\r\n\r\nthe body\r\n'),
  }, () => 'bnd');
  const text = Buffer.from(octets).toString();
  expect(text).toContain('Subject: Your message is delayed\r\n');
  expect(text).toContain('Original-Envelope-Id: QQ314159\r\nReporting-MTA: dns; mx.example.org\r\n');
  expect(text).toContain('Original-Recipient: rfc822; B@example.net\r\nFinal-Recipient: rfc822; b@example.net\r\nAction: delayed\r\nStatus: 4.7.5\r\n'
    + 'Diagnostic-Code: x-paloma; no TLS there\r\nWill-Retry-Until: Fri, 2 Jan 1970 00:00:00 +0000\r\n');
});

const ORIGINAL = encodeUtf8('From: a@example.org\r\nSubject: hello\r\n\r\nthe b\u00f6dy\r\n');
const FAILURE = {
  domain: 'example.org', reportingMta: 'mx.example.org', sender: 'a@example.org', id: 'n1', date: 0, arrivedAt: 0,
  failedRecipients: [{ forwardPath: 'b@example.net', status: '5.1.1', diagnostic: null, remoteMta: null }], original: ORIGINAL,
};
const textOf = (notice: DeliveryStatusNotification): string => Buffer.from(formatDeliveryStatusNotification(notice, () => 'bnd')).toString();

test('a notice of failure has the whole message where that was asked for', async () => {
  const octets = formatDeliveryStatusNotification({ ...FAILURE, returnedPart: 'FULL' }, () => 'bnd');
  const { attachments } = await simpleParser(Buffer.from(octets));
  expect(attachments.at(-1)).toMatchObject({ contentType: 'message/rfc822', content: Buffer.from(ORIGINAL) });
  const text = Buffer.from(octets).toString();
  expect(text).toContain('MIME-Version: 1.0\r\nContent-Transfer-Encoding: 8bit\r\nContent-Type: multipart/report');
  expect(text).toContain('Your message is attached.');
});

test.each<[string, Partial<DeliveryStatusNotification>]>([
  ['when the header was asked for', { returnedPart: 'HDRS' }],
  ['when nothing was asked for', {}],
  ['of delay', { returnedPart: 'FULL', action: 'delayed' }],
  ['of success', { returnedPart: 'FULL', action: 'delivered' }],
  ['about a very large message', { returnedPart: 'FULL', original: Buffer.concat([ORIGINAL, Buffer.alloc(10 * 1024 * 1024, 'x\r\n')]) }],
])('a notice %s has the header alone', (_what, change) => {
  expect(textOf({ ...FAILURE, ...change })).toMatch(/text\/rfc822-headers\r\n\r\nFrom: a@example\.org\r\nSubject: hello\r\n\r\n\r\n--bnd--/);
});

test.each([
  ['in another language', '550 5.1.1 Postfach gibt\u2019s nicht', 'smtp; 550 5.1.1 Postfach gibt\\x{2019}s nicht'],
  ['that would steer a terminal', '550 5.1.1 \u001b[2Jgone\u007f', 'smtp; 550 5.1.1 \\x{1B}[2Jgone\\x{7F}'],
  ['of our own', 'no TLS with m\u00fcnchen', 'x-paloma; no TLS with m\\x{FC}nchen'],
])('a diagnostic %s is ASCII for programs', (_what, diagnostic, expected) => {
  const text = textOf({ ...FAILURE, failedRecipients: [{ forwardPath: 'b@example.net', status: '5.1.1', diagnostic, remoteMta: null }] });
  expect(text).toContain(`\r\nDiagnostic-Code: ${expected}\r\n`);
});

test.each<[string, Uint8Array, Partial<DeliveryStatusNotification>, string]>([
  ['in UTF-8', encodeUtf8('Subject: h\u00e9\r\n\r\nbody\r\n'), {}, 'Content-Type: message/global-headers\r\nContent-Transfer-Encoding: 8bit\r\n\r\nSubject: h\u00e9\r\n'],
  ['in UTF-8, with its message', encodeUtf8('Subject: h\u00e9\r\n\r\nbody\r\n'), { returnedPart: 'FULL' }, 'Content-Type: message/global\r\nContent-Transfer-Encoding: 8bit\r\n\r\nSubject: h\u00e9\r\n\r\nbody\r\n'],
  ['in another character set', Buffer.from('Subject: h\u00e9\r\n\r\nbody\r\n', 'latin1'), {}, 'Content-Type: text/rfc822-headers\r\nContent-Transfer-Encoding: 8bit\r\n\r\nSubject: h\ufffd\r\n'],
])('a header %s goes back under the type that it has', (_what, original, change, part) => {
  const text = textOf({ ...FAILURE, original, ...change });
  expect(text).toContain(part);
  expect(text).toContain('MIME-Version: 1.0\r\nContent-Transfer-Encoding: 8bit\r\nContent-Type: multipart/report');
});
