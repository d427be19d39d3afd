import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parseMailAddress } from '@paloma/shared-model';
import { loadQueueKey } from '../config/secret-files.js';
import { SmtpClient } from '../test/smtp-client.js';
import { testProvider } from '../test/test-provider.js';
import { runQueueCommand, type QueueCommand } from './queue-command.js';
import { QueueControl, type QueueAction, type QueueSelection } from './queue-control.js';

const ALL: QueueSelection = { kind: 'all' };
const MINUTE_MS = 60_000;
const provider = testProvider();
let client: SmtpClient;

beforeEach(async () => {
  client = await SmtpClient.connect(provider.providerMx.ports.submission!);
  await client.logIn('alice@example.org', provider.services.addSession('alice@example.org'));
  provider.outside.refuseRecipient = () => ({ code: 450, text: '4.2.1 later' });
});
afterEach(async () => {
  client.close();
  await provider.providerMx.worker.drain();
  await provider.providerMx.dataSource.query('TRUNCATE provider_mx.outgoing_acceptance, provider_mx.outgoing_message, provider_mx.suppression CASCADE');
  provider.services.forget();
  provider.outside.forget();
});

async function run(command: QueueCommand): Promise<string> {
  const lines: string[] = [];
  await runQueueCommand(command, new QueueControl(provider.providerMx.dataSource, () => loadQueueKey(provider.configuration.stateDirectory)), provider.clock, (line) => lines.push(line));
  await provider.providerMx.worker.drain();
  return lines.join('\n');
}
const act = (action: QueueAction, selection: QueueSelection = ALL): Promise<string> => run({ action, selection });
const list = (selection: QueueSelection = ALL): Promise<string> => run({ action: 'list', selection });

async function submit(...forwardPaths: string[]): Promise<string> {
  const reply = await client.send('alice@example.org', forwardPaths, 'From: alice@example.org\r\n\r\nx\r\n');
  await provider.providerMx.worker.drain();
  return reply;
}
const noticesOfAlice = async (): Promise<string> => (await Promise.all(provider.services.itemsOf('alice@example.org').map((item) => provider.alice.open(item)))).join('');

describe('the queue', () => {
  test('is listed without addresses, by message and domain', async () => {
    await submit('a@outside.example', 'b@outside.example', 'c@unreachable.example');
    provider.clock.advance(2 * MINUTE_MS);
    const [head, first, second, ...others] = (await list()).split('\n');
    expect([head?.split(/ {2,}/), others]).toEqual([['id', 'age', 'domain', 'recipients', 'attempts', 'next', 'status'], []]);
    expect(first?.split(/ {2,}/)).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), '2 min', 'outside.example', '2', '1', expect.stringMatching(/^in [23] min$/), '4.2.1']);
    expect(second).toMatch(/unreachable\.example +1 +1 +in [23] min +4\.4\.1$/);
    expect(await list({ kind: 'domain', domain: 'unreachable.example' })).not.toContain('outside');
  });

  test('that is held is not attempted until it is released', async () => {
    await submit('a@outside.example');
    provider.outside.refuseRecipient = () => null;
    expect(await act('hold')).toBe('1 recipients');
    provider.clock.advance(30 * MINUTE_MS);
    expect(await list()).toMatch(/ held +4\.2\.1$/);
    expect(provider.outside.messages).toEqual([]);
    await act('release');
    expect(provider.outside.messages).toHaveLength(1);
  });

  test('is attempted at once when asked to', async () => {
    await submit('a@outside.example');
    provider.outside.refuseRecipient = () => null;
    expect(await act('retry', { kind: 'domain', domain: 'elsewhere.example' })).toBe('0 recipients');
    expect(await act('retry', { kind: 'domain', domain: 'outside.example' })).toBe('1 recipients');
    expect(provider.outside.messages).toHaveLength(1);
  });

  test('fails when asked to, also what is held, and the sender is told', async () => {
    await submit('a@outside.example');
    const id = (await list()).split('\n')[1]!.slice(0, 36);
    await act('hold');
    const { connections } = provider.outside;
    expect(await act('fail', { kind: 'id', id })).toBe('1 recipients');
    expect(provider.outside.connections).toBe(connections);
    expect(await noticesOfAlice()).toMatch(/a@outside\.example\r\nAction: failed\r\nStatus: 5\.0\.0\r\nDiagnostic-Code: x-paloma; given up/);
    expect((await list()).split('\n')).toHaveLength(1);
  });

  test('shows and stops what one sender has in it, and leaves the others alone', async () => {
    await submit('a@outside.example', 'c@unreachable.example');
    const bob = await SmtpClient.connect(provider.providerMx.ports.submission!);
    await bob.logIn('bob@example.org', provider.services.addSession('bob@example.org'));
    await bob.send('Bob@example.org', ['b@outside.example'], 'From: bob@example.org\r\n\r\nx\r\n');
    bob.close();
    await provider.providerMx.worker.drain();
    const ofBob: QueueSelection = { kind: 'sender', sender: parseMailAddress('bob@example.org') };
    expect((await list(ofBob)).split('\n').slice(1)).toEqual([expect.stringContaining('outside.example')]);
    expect(await act('fail', ofBob)).toBe('1 recipients');
    expect((await list(ofBob)).split('\n')).toHaveLength(1);
    expect((await list()).split('\n')).toHaveLength(3);
    expect(await act('hold', { kind: 'sender', sender: parseMailAddress('nobody@example.org') })).toBe('0 recipients');
  });
});

describe('a recipient who failed for good', () => {
  const send = async (forwardPath: string): Promise<string> => {
    provider.clock.advance(MINUTE_MS);
    await client.command('RSET');
    return client.send('alice@example.org', [forwardPath], `From: alice@example.org\r\nX: ${provider.clock.nowMs()}\r\n\r\nx\r\n`).finally(() => provider.providerMx.worker.drain());
  };
  const failThrice = async (text: string): Promise<void> => {
    provider.outside.refuseRecipient = () => ({ code: 550, text });
    for (let round = 0; round < 3; round++) expect(await send('gone@outside.example')).toMatch(/^250 /);
  };

  test('three times is refused for a week, to that sender alone, and until the operator drops it', async () => {
    await failThrice('5.1.1 no such user');
    expect(await send('Gone@outside.example')).toMatch(/^550 5\.1\.0 /);
    expect(await send('other@outside.example')).toMatch(/^250 /);
    const bob = await SmtpClient.connect(provider.providerMx.ports.submission!);
    await bob.logIn('bob@example.org', provider.services.addSession('bob@example.org'));
    await bob.command('MAIL FROM:<bob@example.org>');
    expect(await bob.command('RCPT TO:<gone@outside.example>')).toMatch(/^250 /);
    bob.close();
    expect(await run({ action: 'suppressions list' })).toMatch(/\n[0-9a-f]{64} {2}3 {9}\d min/);
    expect(await run({ action: 'suppressions drop', id: null })).toBe('2 dropped');
    expect(await send('gone@outside.example')).toMatch(/^250 /);
  });

  test('is tried again after a week', async () => {
    await failThrice('5.1.1 no such user');
    provider.clock.advance(7 * 24 * 60 * MINUTE_MS);
    expect(await send('gone@outside.example')).toMatch(/^250 /);
  });

  test('for what the message said is not suppressed; nor is one who got a message in between', async () => {
    await failThrice('5.7.1 spam');
    await failThrice('5.7.1 spam');
    provider.outside.refuseRecipient = () => ({ code: 550, text: '5.1.1 no such user' });
    await send('gone@outside.example');
    await send('gone@outside.example');
    provider.outside.refuseRecipient = () => null;
    await send('gone@outside.example');
    await failThrice('5.1.1 no such user');
  });
});
