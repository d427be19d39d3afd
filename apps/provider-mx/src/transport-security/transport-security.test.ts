// From the DNS to the wire: a name server, a web server with the policy, and hosts whose certificates are good or not.

import { createServer, type Server } from 'node:https';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { manualClock, type ManualClock } from '@paloma/test-kit';
import { startNameServer, type NameServer, type Zone } from '@paloma/test-kit/name-server';
import type { Configuration } from '../config/configuration.js';
import type { AttemptResult } from '../outgoing/attempt-result.js';
import { DnsMailExchangerResolver } from '../outgoing/mail-exchanger-resolver.js';
import { Router } from '../outgoing/route.js';
import { SmtpRelay } from '../outgoing/smtp-relay.js';
import { OutsideHost } from '../test/outside-host.js';
import { TestAuthority, type HostCertificate } from '../test/test-authority.js';
import { DanePolicy } from './dane-policy.js';
import { MtaStsPolicies } from './mta-sts-policies.js';
import type { NetworkConventions } from './network-conventions.js';
import { TransportPolicy } from './transport-policy.js';

const HOUR_MS = 60 * 60 * 1000;
const MESSAGE = { reversePath: 'a@example.org', forwardPaths: ['b@there.example'], octets: Buffer.from('A: b\r\n\r\nc\r\n') };
const ENFORCE = 'version: STSv1\nmode: enforce\nmx: mx.there.example\nmax_age: 86400\n';
const DELIVERED: AttemptResult = { kind: 'delivered', isFinal: false };
const deferred = (diagnostic: string, remoteMta: string | null = 'mx.there.example'): AttemptResult => ({ kind: 'deferred', failure: { status: '4.7.5', diagnostic: expect.stringContaining(diagnostic) as unknown as string, remoteMta } });

let authority: TestAuthority;
let certified: HostCertificate;
let otherName: HostCertificate;
let stranger: HostCertificate;
let web: Server;
let policy: { status: number; type: string; body: string };
let policiesFetched: number;

beforeAll(async () => {
  authority = await TestAuthority.create();
  certified = await authority.certify('mx.there.example');
  otherName = await authority.certify('elsewhere.example');
  stranger = await (await TestAuthority.create()).certify('mx.there.example');
  web = createServer(await authority.certify('mta-sts.there.example'), ({ url }, response) => {
    policiesFetched += 1;
    response.writeHead(url === '/.well-known/mta-sts.txt' ? policy.status : 404, { 'content-type': policy.type }).end(policy.body);
  }).listen(0, '127.0.0.1');
  await once(web, 'listening');
});
afterAll(() => void web.close());

let zone: Zone;
let dns: NameServer;
let clock: ManualClock;
let host: OutsideHost | null;
let send: () => Promise<AttemptResult>;

beforeEach(async () => {
  zone = { 'there.example/MX': ['10 mx.there.example.'], 'mx.there.example/A': ['127.0.0.1'], 'mta-sts.there.example/A': ['127.0.0.1'] };
  policy = { status: 200, type: 'text/plain', body: ENFORCE };
  policiesFetched = 0;
  dns = await startNameServer(zone);
  clock = manualClock();
  host = null;
});
afterEach(async () => {
  await host?.stop();
  await dns.stop();
});

/** A host with this certificate, or without STARTTLS; what is sent goes to it. */
async function hostWith(tls: HostCertificate | null): Promise<void> {
  host = await OutsideHost.start(tls === null ? { disabledCommands: ['STARTTLS'] } : { cert: tls.cert, key: tls.key });
  const network: NetworkConventions = { smtpPort: host.port, policyPort: (web.address() as { port: number }).port, certificateAuthorities: authority.pem };
  const configuration = { domain: 'example.org', hostname: 'mx.example.org', routes: {}, dns: { servers: [dns.address] } } as unknown as Configuration;
  const transport = new TransportPolicy(new DanePolicy(configuration), new MtaStsPolicies(configuration, clock, network));
  const router = new Router(configuration, new DnsMailExchangerResolver(configuration), network, transport);
  const relay = new SmtpRelay(configuration, clock, network);
  send = async () => {
    const route = await router.findRoute('there.example');
    return route.kind === 'hosts' ? (await relay.send(route.hosts, MESSAGE))[0]! : (route as AttemptResult);
  };
}

const enforceMtaSts = (id = '1'): void => { zone['_mta-sts.there.example/TXT'] = [`v=STSv1; id=${id}`]; };
const publishTlsa = (...records: string[]): void => {
  zone['_25._tcp.mx.there.example/TLSA'] = records;
  for (const name of ['there.example', 'mx.there.example', '_25._tcp.mx.there.example']) dns.proven.add(name);
};

describe('without a policy', () => {
  test.each([['a certificate that nobody vouches for', true], ['no TLS', false]])('a host with %s gets the message', async (_name, hasTls) => {
    await hostWith(hasTls ? stranger : null);
    expect(await send()).toEqual(DELIVERED);
    expect(host!.messages[0]!.isSecure).toBe(hasTls);
  });
});

describe('MTA-STS', () => {
  beforeEach(() => enforceMtaSts());

  test('a host that the policy names, certified by an authority, gets the message', async () => {
    await hostWith(certified);
    expect(await send()).toEqual(DELIVERED);
    expect(host!.messages[0]!.isSecure).toBe(true);
  });

  test.each<[string, () => HostCertificate | null]>([
    ['by a stranger', () => stranger], ['for another name', () => otherName], ['by nobody, since it does no TLS', () => null],
  ])('a host certified %s gets nothing', async (_name, tls) => {
    await hostWith(tls());
    expect(await send()).toEqual(deferred('(MTA-STS)'));
    expect(host!.messages).toEqual([]);
  });

  test('a host that the policy does not name is not asked', async () => {
    policy.body = ENFORCE.replace('mx.there', '*.backup.there');
    await hostWith(certified);
    expect(await send()).toEqual(deferred('mx.there.example is not among the hosts', null));
    expect(host!.connections).toBe(0);
  });

  test.each([['testing'], ['none']])('a policy in mode %s binds nobody', async (mode) => {
    policy.body = ENFORCE.replace('enforce', mode);
    await hostWith(stranger);
    expect(await send()).toEqual(DELIVERED);
  });

  test.each<[string, () => void]>([
    ['is an error page', () => { policy.status = 500; }],
    ['is HTML', () => { policy.type = 'text/html'; }],
    ['is endless', () => { policy.body += '#'.repeat(70_000); }],
    ['is somewhere else', () => { policy.status = 301; }],
  ])('a policy that %s is none, and is not fetched again at once', async (_name, spoil) => {
    spoil();
    await hostWith(stranger);
    expect([await send(), await send()]).toEqual([DELIVERED, DELIVERED]);
    expect(policiesFetched).toBe(1);
    clock.advance(HOUR_MS);
    await send();
    expect(policiesFetched).toBe(2);
  });

  test.each<[string, () => void]>([
    ['its record is gone', () => { delete zone['_mta-sts.there.example/TXT']; }],
    ['the DNS does not answer', () => { dns.failing.add('_mta-sts.there.example'); }],
    ['a new one cannot be fetched', () => { enforceMtaSts('2'); policy.status = 500; }],
  ])('a policy that was seen holds while %s, until it expires', async (_name, silence) => {
    await hostWith(stranger);
    await send();
    silence();
    clock.advance(23 * HOUR_MS);
    expect(await send()).toEqual(deferred('(MTA-STS)'));
    clock.advance(HOUR_MS);
    expect(await send()).toEqual(DELIVERED);
  });

  test('a policy is fetched when its record changes, and once a day', async () => {
    await hostWith(certified);
    await send();
    await send();
    expect(policiesFetched).toBe(1);
    enforceMtaSts('2');
    await send();
    expect(policiesFetched).toBe(2);
    clock.advance(24 * HOUR_MS);
    await send();
    expect(policiesFetched).toBe(3);
  });
});

describe('DANE', () => {
  test.each<[string, () => HostCertificate, () => string[]]>([
    ['the key of the host, whatever its name', () => otherName, () => [otherName.ownKey]],
    ['the issuer of its certificate', () => certified, () => [certified.issuer]],
    ['one of several keys', () => certified, () => [stranger.ownKey, certified.ownKey]],
    ['nothing that SMTP knows, so that any TLS will do', () => stranger, () => ['1 1 1 00', '3 1 9 00', '3 1 1 00']],
  ])('a record with %s lets the message through', async (_name, tls, records) => {
    await hostWith(tls());
    publishTlsa(...records());
    expect(await send()).toEqual(DELIVERED);
    expect(host!.messages[0]!.isSecure).toBe(true);
  });

  test.each<[string, () => HostCertificate | null, () => string[]]>([
    ['another key', () => certified, () => [stranger.ownKey]],
    ['the issuer of a certificate for another name', () => otherName, () => [otherName.issuer]],
    ['another issuer', () => stranger, () => [certified.issuer]],
    ['an issuer whose certificate the host only shows along', () => ({ ...stranger, cert: stranger.cert.replace(/(?<=END CERTIFICATE-----\n)[^]*/, authority.pem) }), () => [certified.issuer]],
    ['a key, while the host does no TLS', () => null, () => [certified.ownKey]],
    ['nothing that SMTP knows, while the host does no TLS', () => null, () => ['0 1 1 00']],
  ])('a record with %s keeps it back', async (_name, tls, records) => {
    await hostWith(tls());
    publishTlsa(...records());
    expect(await send()).toEqual(deferred('(DANE)'));
    expect(host!.messages).toEqual([]);
  });

  test.each(['there.example', 'mx.there.example', '_25._tcp.mx.there.example'])('records mean nothing when %s is not signed', async (name) => {
    await hostWith(stranger);
    publishTlsa(certified.ownKey);
    dns.proven.delete(name);
    expect(await send()).toEqual(DELIVERED);
  });

  test('a host is not asked when the DNS does not tell its records', async () => {
    await hostWith(certified);
    publishTlsa(certified.ownKey);
    dns.failing.add('_25._tcp.mx.there.example');
    expect(await send()).toEqual(deferred('does not tell', null));
    expect(host!.connections).toBe(0);
  });

  test('goes before MTA-STS', async () => {
    enforceMtaSts();
    await hostWith(otherName);
    publishTlsa(otherName.ownKey);
    expect(await send()).toEqual(DELIVERED);
  });
});

test('a host that fails its policy is passed over for one that does not', async () => {
  zone['there.example/MX'] = ['10 evil.there.example.', '20 mx.there.example.'];
  zone['evil.there.example/A'] = ['127.0.0.1'];
  policy.body = ENFORCE.replace('mx: mx', 'mx: evil.there.example\nmx: mx');
  enforceMtaSts();
  await hostWith(certified);
  expect(await send()).toEqual(DELIVERED);
  expect([host!.connections, host!.messages.length]).toEqual([2, 1]);
});
