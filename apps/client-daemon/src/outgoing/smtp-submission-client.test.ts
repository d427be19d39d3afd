import { createServer, type Server } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Redacted } from '@paloma/shared-model';
import { MemorySubmissionClient } from '../test/memory-submission-client.js';
import { RunningSubmissionProvider } from '../test/running-submission-provider.js';
import { SubmissionProvider } from '../test/submission-provider.js';
import { TEST_CERTIFICATE, TEST_CERTIFICATE_KEY } from '../test/test-certificate.js';
import { SmtpSubmissionClient } from './smtp-submission-client.js';
import { describeSubmissionClient } from './submission-client.contract.js';

const NOWHERE = 1;

function clientOf(port: () => number, authority: string | undefined = TEST_CERTIFICATE, silenceTimeoutMs?: number): SmtpSubmissionClient {
  return new SmtpSubmissionClient({
    server: async () => ({ host: '127.0.0.1', port: port() }), address: 'alice@example.org', authority, token: new Redacted('session-token'),
    ...(silenceTimeoutMs !== undefined && { silenceTimeoutMs }),
  });
}

const transmission = (signal: AbortSignal = new AbortController().signal) => ({
  octets: Buffer.from('Subject: x\r\n\r\ny\r\n'), reversePath: 'alice@example.org', forwardPaths: ['bob@example.net'], notifications: null, claim: () => true, signal,
});

describeSubmissionClient('MemorySubmissionClient', async () => {
  const provider = new SubmissionProvider();
  return { provider, client: new MemorySubmissionClient(provider), close: async () => {} };
});

describeSubmissionClient('SmtpSubmissionClient', async () => {
  const provider = new SubmissionProvider();
  const running = await RunningSubmissionProvider.start(provider);
  return { provider, client: clientOf(() => (provider.isReachable ? running.port : NOWHERE)), close: () => running.stop() };
});

describe('over SMTP', () => {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  async function start(): Promise<RunningSubmissionProvider> {
    const running = await RunningSubmissionProvider.start(new SubmissionProvider());
    ends.push(() => running.stop());
    return running;
  }

  /** A TLS server that says the given lines at once and nothing more. */
  async function startSpeaker(words: string): Promise<number> {
    const server: Server = createServer({ cert: TEST_CERTIFICATE, key: TEST_CERTIFICATE_KEY }, (socket) => {
      socket.on('error', () => undefined);
      socket.write(words);
      ends.push(() => socket.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ends.push(() => server.close());
    return (server.address() as AddressInfo).port;
  }

  test('the account logs in with its session token', async () => {
    const running = await start();
    await clientOf(() => running.port).send(transmission());
    expect(running.credentials).toEqual([{ username: 'alice@example.org', password: 'session-token' }]);
  });

  test('a server whose certificate is not trusted hears neither token nor message', async () => {
    const running = await start();
    const client = new SmtpSubmissionClient({ server: async () => ({ host: '127.0.0.1', port: running.port }), address: 'a@example.org', authority: undefined, token: new Redacted('t') });
    expect(await client.send(transmission())).toMatchObject({ accepted: [], waitReason: 'the provider could not be reached' });
    expect(running.credentials).toEqual([]);
  });

  test.each<[string, string]>([
    ['that turns everybody away', '554 5.3.2 not today\r\n'],
    ['that is no SMTP server', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['that says nothing', ''],
    ['that falls silent after its greeting', '220 provider ESMTP\r\n'],
  ])('a server %s refuses no message', async (_what, words) => {
    const port = await startSpeaker(words);
    expect(await clientOf(() => port, TEST_CERTIFICATE, 50).send({ ...transmission(), signal: AbortSignal.timeout(500) })).toMatchObject({ accepted: [], refused: [], waitReason: expect.any(String) });
  });

  test('discovery that fails is an outage', async () => {
    const client = new SmtpSubmissionClient({ server: () => Promise.reject(new Error('offline')), address: 'a@example.org', authority: undefined, token: new Redacted('t') });
    expect(await client.send(transmission())).toEqual({ accepted: [], refused: [], waitReason: 'the provider could not be reached' });
  });

  test('an attempt can be broken off while the server is silent', async () => {
    const port = await startSpeaker('220 provider ESMTP\r\n');
    const breaking = new AbortController();
    const sending = clientOf(() => port).send(transmission(breaking.signal));
    setImmediate(() => breaking.abort());
    expect(await sending).toMatchObject({ accepted: [], waitReason: expect.any(String) });
  });
});
