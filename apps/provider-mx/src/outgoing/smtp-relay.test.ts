import { afterEach, describe, expect, test } from '@jest/globals';
import type { SMTPServerOptions } from 'smtp-server';
import { manualClock } from '@paloma/test-kit';
import type { Configuration } from '../config/configuration.js';
import { OutsideHost } from '../test/outside-host.js';
import { NETWORK_CONVENTIONS } from '../transport-security/network-conventions.js';
import { OPPORTUNISTIC } from '../transport-security/tls-requirement.js';
import type { NotificationRequest } from './notification-request.js';
import { SmtpRelay } from './smtp-relay.js';

const ASCII = 'A: b\r\n\r\nc\r\n';
const EIGHT_BIT = 'A: b\r\n\r\nü\r\n';
const relay = new SmtpRelay({ hostname: 'mx.example.org', dns: { servers: [] } } as unknown as Configuration, manualClock(), NETWORK_CONVENTIONS, { note: async () => undefined });
let host: OutsideHost;
afterEach(() => host.stop());

/** Status of each recipient, "ok" for those who got it. */
async function send(options: SMTPServerOptions, forwardPaths: string[], text: string, reversePath = 'a@example.org'): Promise<string[]> {
  host = await OutsideHost.start(options);
  const results = await relay.send([{ host: '127.0.0.1', port: host.port, tls: OPPORTUNISTIC }], { reversePath, forwardPaths, octets: Buffer.from(text) });
  return results.map((result) => (result.kind === 'delivered' ? 'ok' : result.failure.status));
}

test.each<[string, SMTPServerOptions, string[], string, string[]]>([
  ['octets beyond ASCII go to a host that takes them', {}, ['b@x.example'], EIGHT_BIT, ['ok']],
  ['and to no other', { hide8BITMIME: true }, ['b@x.example', 'c@x.example'], EIGHT_BIT, ['5.6.3', '5.6.3']],
  ['ASCII needs nothing', { hide8BITMIME: true, hideSMTPUTF8: true }, ['b@x.example'], ASCII, ['ok']],
  ['addresses beyond ASCII go to a host that takes them', {}, ['ü@x.example'], ASCII, ['ok']],
  ['and fail at another, alone', { hideSMTPUTF8: true }, ['b@x.example', 'ü@x.example', 'c@x.example'], ASCII, ['ok', '5.6.7', 'ok']],
  ['nor does a host lose its extensions with its TLS', { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' }, ['ü@x.example'], EIGHT_BIT, ['ok']],
])('%s', async (_name, options, forwardPaths, text, expected) => {
  expect(await send(options, forwardPaths, text)).toEqual(expected);
  const taken = forwardPaths.filter((_, index) => expected[index] === 'ok');
  expect(host.messages.flatMap((message) => message.forwardPaths)).toEqual(taken);
  if (taken.length > 0) expect(host.messages[0]!.data).toBe(text);
});

test('a sender beyond ASCII is nobody at a host without SMTPUTF8', async () => {
  expect(await send({ hideSMTPUTF8: true }, ['b@x.example'], ASCII, 'ä@example.org')).toEqual(['5.6.7']);
});

describe('what the sender wants to be told', () => {
  const PATHS = ['b@x.example', 'ü@x.example', 'c@x.example'];
  const NOTIFICATIONS: NotificationRequest = {
    envelopeId: 'a+b=c d', returnedPart: 'FULL',
    recipients: [{ conditions: [], originalRecipient: 'rfc822;B+b@y.example' }, null, { conditions: ['SUCCESS', 'DELAY'], originalRecipient: null }],
  };
  const noticesAfter = async (options: SMTPServerOptions): Promise<unknown[]> => {
    host = await OutsideHost.start(options);
    const message = { reversePath: 'a@example.org', forwardPaths: PATHS, octets: Buffer.from(ASCII), notifications: NOTIFICATIONS };
    return (await relay.send([{ host: '127.0.0.1', port: host.port, tls: OPPORTUNISTIC }], message)).map((result) => (result.kind === 'delivered' ? result.notice : result.kind));
  };

  test('is told to a host that knows how, word for word, and is then its matter (RFC 3461 §5.2.1)', async () => {
    expect(await noticesAfter({ hideDSN: false })).toEqual([null, null, null]);
    expect(host.messages[0]?.asked).toEqual({
      returnedPart: 'FULL', envelopeId: 'a+b=c d', recipients: [{ notify: [], originalRecipient: 'rfc822;B+b@y.example' }, {}, { notify: ['SUCCESS', 'DELAY'] }],
    });
  });

  test('stays with the recipient it is about when the host cannot take one of them', async () => {
    expect(await noticesAfter({ hideDSN: false, hideSMTPUTF8: true })).toEqual([null, 'failed', null]);
    expect(host.messages[0]?.asked?.recipients).toEqual([{ notify: [], originalRecipient: 'rfc822;B+b@y.example' }, { notify: ['SUCCESS', 'DELAY'] }]);
  });

  test('is one by one the same to a host that takes no commands together', async () => {
    expect(await noticesAfter({ hideDSN: false, hidePIPELINING: true })).toEqual([null, null, null]);
    expect(host.messages[0]?.asked?.recipients).toEqual([{ notify: [], originalRecipient: 'rfc822;B+b@y.example' }, {}, { notify: ['SUCCESS', 'DELAY'] }]);
  });

  test('is not told to any other, about which we tell', async () => {
    expect(await noticesAfter({})).toEqual(['relayed', 'relayed', 'relayed']);
    expect(host.messages[0]?.asked).toBeNull();
  });
});
