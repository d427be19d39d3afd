import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SmtpClient } from '../test/smtp-client.js';
import { testProvider } from '../test/test-provider.js';

const provider = testProvider();
const MINUTE_MS = 60_000;
let client: SmtpClient;

beforeEach(async () => {
  client = await SmtpClient.connect(provider.providerMx.ports.submission);
  await client.logIn('alice@example.org', provider.services.addSession('alice@example.org'));
});
afterEach(async () => {
  client.close();
  await provider.providerMx.worker.drain();
  await provider.providerMx.dataSource.query('TRUNCATE provider_mx.outgoing_acceptance, provider_mx.outgoing_message, provider_mx.suppression CASCADE');
  provider.services.forget();
  provider.outside.forget();
});

async function submit(...forwardPaths: string[]): Promise<void> {
  const reply = await client.send('alice@example.org', forwardPaths, 'From: alice@example.org\r\nSubject: canary-subject\r\n\r\ncanary-body\r\n');
  expect(reply).toMatch(/^250 /);
  await provider.providerMx.worker.drain();
}

async function later(minutes: number): Promise<void> {
  provider.clock.advance(minutes * MINUTE_MS);
  await provider.providerMx.worker.drain();
}

const notices = (): Promise<string[]> => Promise.all(provider.services.itemsOf('alice@example.org').map((item) => provider.alice.open(item)));
const queued = async (): Promise<number> => {
  const [row] = await provider.providerMx.dataSource.query<{ count: number }[]>('SELECT count(*) AS count FROM provider_mx.outgoing_recipient');
  return row!.count;
};

test('recipients of one domain share a connection and a transaction', async () => {
  await submit('a@outside.example', 'b@outside.example');
  expect(provider.outside.messages.map(({ forwardPaths }) => forwardPaths)).toEqual([['a@outside.example', 'b@outside.example']]);
  expect(provider.outside.connections).toBe(1);
  expect(await queued()).toBe(0);
});

test('a submission repeated after a lost answer is one message, also when the first has left and the clock has moved', async () => {
  await submit('a@outside.example', 'bob@example.org');
  provider.clock.advance(MINUTE_MS);
  await submit('a@outside.example', 'bob@example.org');
  await submit('bob@example.org', 'a@outside.example');
  expect(provider.outside.messages).toHaveLength(1);
  expect(provider.services.itemsOf('bob@example.org')).toHaveLength(1);
  await submit('bob@example.org');
  expect(provider.services.itemsOf('bob@example.org')).toHaveLength(2);
});

test('a host that does not answer holds up nobody else', async () => {
  const reached = Promise.withResolvers<void>();
  const released = Promise.withResolvers<null>();
  provider.outside.refuseData = () => {
    reached.resolve();
    provider.outside.refuseData = () => null;
    return released.promise;
  };
  await client.send('alice@example.org', ['slow@outside.example'], 'From: alice@example.org\r\n\r\nslow\r\n');
  await reached.promise;
  await client.send('alice@example.org', ['a@outside.example'], 'From: alice@example.org\r\n\r\nfast\r\n');
  while (provider.outside.messages.length === 0) await nextTurn();
  expect(provider.outside.messages[0]!.forwardPaths).toEqual(['a@outside.example']);
  released.resolve(null);
});

test('TLS is used where it is offered, though nobody vouches for the certificate', async () => {
  await submit('a@outside.example');
  expect(provider.outside.messages[0]?.isSecure).toBe(true);
});

test('mail between users of this provider is encrypted and does not leave', async () => {
  await submit('bob@example.org');
  const [item] = provider.services.itemsOf('bob@example.org');
  expect(item!.toString('latin1')).not.toContain('canary');
  expect(await provider.bob.open(item!)).toMatch(/^Return-Path: <alice@example\.org>\r\nReceived: by mx\.example\.org[^]*canary-body\r\n$/);
  expect(await queued()).toBe(0);
});

describe('a temporary refusal', () => {
  test('is tried again after the wait, for that recipient alone', async () => {
    provider.outside.refuseRecipient = (address) => (address.startsWith('slow') ? { code: 450, text: 'greylisted' } : null);
    await submit('fast@outside.example', 'slow@outside.example');
    await later(4);
    expect(provider.outside.messages.map(({ forwardPaths }) => forwardPaths)).toEqual([['fast@outside.example']]);
    provider.outside.refuseRecipient = () => null;
    await later(2);
    expect(provider.outside.messages.map(({ forwardPaths }) => forwardPaths)).toEqual([['fast@outside.example'], ['slow@outside.example']]);
    expect(await notices()).toEqual([]);
  });

  test.each([
    ['of the message', (): void => { provider.outside.refuseData = () => ({ code: 452, text: 'full' }); }, 'outside.example'],
    ['of the connection', (): void => undefined, 'unreachable.example'],
    ['of our own box', (): void => { provider.services.sabotage = (method) => (method === 'PUT' ? 'unavailable' : null); }, 'example.org'],
  ])('%s keeps the message in the queue', async (_name, arrange, domain) => {
    arrange();
    await submit(`bob@${domain}`);
    expect(await queued()).toBe(1);
    expect(await notices()).toEqual([]);
  });

  test('is told once when it lasts, and ends in a notice when the time is over', async () => {
    provider.outside.refuseRecipient = () => ({ code: 450, text: 'greylisted' });
    await submit('slow@outside.example');
    for (let round = 0; round < 5; round++) await later(20);
    const [delay, notice, ...others] = await notices();
    expect(others).toEqual([]);
    expect(delay).toMatch(/Subject: Your message is delayed\r\n[^]*Action: delayed\r\nStatus: 4\.0\.0\r\n[^]*Will-Retry-Until: Thu, 1 Jan 2026/);
    expect(notice).toMatch(/Final-Recipient: rfc822; slow@outside\.example\r\nAction: failed\r\nStatus: 4\.0\.0\r\n/);
    expect(await queued()).toBe(0);
  });
});

describe('a permanent refusal', () => {
  test('comes back encrypted, about those refused alone, with the header and not the body', async () => {
    provider.outside.refuseRecipient = (address) => (address.startsWith('gone') ? { code: 550, text: '5.1.1 no such user' } : null);
    await submit('here@outside.example', 'gone@outside.example');
    const [notice, ...others] = await notices();
    expect(others).toEqual([]);
    expect(notice).toMatch(/^Return-Path: <>\r\n/);
    expect(notice).toContain('report-type="delivery-status"');
    expect(notice).toMatch(/Final-Recipient: rfc822; gone@outside\.example\r\nAction: failed\r\nStatus: 5\.1\.1\r\nRemote-MTA: dns; 127\.0\.0\.1\r\nDiagnostic-Code: smtp; 550 5\.1\.1 no such user/);
    expect(notice).toContain('Subject: canary-subject');
    expect(notice).not.toMatch(/canary-body|here@outside/);
    expect(provider.outside.messages.map(({ forwardPaths }) => forwardPaths)).toEqual([['here@outside.example']]);
  });

  test.each([
    ['of the message', 'a@outside.example', '5.0.0'],
    ['by the DNS', 'a@nowhere.example', '5.1.2'],
    ['by our own directory', 'nobody@example.org', '5.1.1'],
  ])('%s too', async (_name, forwardPath, status) => {
    provider.outside.refuseData = () => ({ code: 554, text: 'not wanted' });
    await submit(forwardPath);
    expect((await notices())[0]).toContain(`Status: ${status}\r\n`);
  });

  test('of a notice ends there', async () => {
    provider.services.sabotage = (method, path) => (method === 'PUT' || path.includes('alice') ? 'notFound' : null);
    await submit('nobody@example.org');
    expect(await queued()).toBe(0);
    expect(provider.services.items.size).toBe(0);
  });
});

describe('what the sender asked to be told (DSN)', () => {
  const submitAsking = async (forwardPath: string, parameters: string, returnedPart = 'HDRS'): Promise<string> => {
    await client.command(`MAIL FROM:<alice@example.org> RET=${returnedPart} ENVID=QQ+2B1`);
    expect(await client.command(`RCPT TO:<${forwardPath}> ${parameters}`)).toMatch(/^250 /);
    await client.command('DATA');
    await client.command('From: alice@example.org\r\n\r\nx\r\n.');
    await provider.providerMx.worker.drain();
    return (await notices()).join('');
  };

  test('a failure, named as the sender did', async () => {
    expect(await submitAsking('a@nowhere.example', 'NOTIFY=FAILURE ORCPT=rfc822;A+2Bb@nowhere.example'))
      .toMatch(/Original-Envelope-Id: QQ\+1\r\n[^]*Original-Recipient: rfc822; A\+b@nowhere\.example\r\n[^]*Action: failed/);
  });

  test('a failure by default also where ORCPT alone is given', async () => {
    expect(await submitAsking('a@nowhere.example', 'ORCPT=utf-8;\\x{FC}@nowhere.example')).toMatch(/Original-Recipient: utf-8; \\x\{FC\}@nowhere\.example\r\n[^]*Action: failed/);
  });

  test('with the whole message, for RET=FULL', async () => {
    expect(await submitAsking('a@nowhere.example', '', 'FULL')).toMatch(/Content-Type: message\/rfc822\r\n\r\nReceived: [^]*From: alice@example\.org\r\n\r\nx\r\n/);
  });

  test('what is malformed is refused', async () => {
    expect(await client.command('MAIL FROM:<alice@example.org> ENVID=a+2b')).toMatch(/^501 5\.5\.4 ENVID must be /);
  });

  test.each([['NOTIFY=NEVER'], ['NOTIFY=SUCCESS,DELAY']])('no failure for %s', async (parameter) => {
    expect(await submitAsking('a@nowhere.example', parameter)).toBe('');
  });

  test.each([['bob@example.org', 'delivered'], ['a@outside.example', 'relayed']])('success at %s is "%s"', async (forwardPath, action) => {
    expect(await submitAsking(forwardPath, 'NOTIFY=SUCCESS')).toContain(`Action: ${action}\r\nStatus: 2.0.0\r\n`);
  });

  test('no delay unless it is among what is asked for', async () => {
    await submitAsking('a@unreachable.example', 'NOTIFY=FAILURE');
    for (let round = 0; round < 3; round++) await later(18);
    expect(await notices()).toEqual([]);
  });
});
