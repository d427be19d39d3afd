// From the DNS to the wire: a name server, a web server with the policy, and hosts whose certificates are good or not.

import { createServer, type Server } from 'node:https';
import { once } from 'node:events';
import { BlockList } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { SMTPServerOptions } from 'smtp-server';
import { manualClock, type ManualClock } from '@paloma/test-kit';
import { startNameServer, type NameServer, type Zone } from '@paloma/test-kit/name-server';
import type { Configuration } from '../config/configuration.js';
import type { AttemptResult } from '../outgoing/attempt-result.js';
import { DnsMailExchangerResolver } from '../outgoing/mail-exchanger-resolver.js';
import { Router } from '../outgoing/route.js';
import { SmtpRelay } from '../outgoing/smtp-relay.js';
import { OutsideHost } from '../test/outside-host.js';
import { startSlowHost } from '../test/slow-host.js';
import { TestAuthority, type HostCertificate } from '../test/test-authority.js';
import { DanePolicy } from './dane-policy.js';
import { MtaStsPolicies } from './mta-sts-policies.js';
import type { NetworkConventions } from './network-conventions.js';
import type { TlsResults } from './tls-result.js';
import { TransportPolicy } from './transport-policy.js';

const HOUR_MS = 60 * 60 * 1000;
const MESSAGE = { reversePath: 'a@example.org', forwardPaths: ['b@there.example'], octets: Buffer.from('A: b\r\n\r\nc\r\n') };
const ENFORCE = 'version: STSv1\nmode: enforce\nmx: mx.there.example\nmax_age: 86400\n';
const DELIVERED: AttemptResult = { kind: 'delivered', notice: 'relayed' };
const deferred = (diagnostic: string, remoteMta: string | null = 'mx.there.example'): AttemptResult => ({ kind: 'deferred', failure: { status: '4.7.5', diagnostic: expect.stringContaining(diagnostic) as unknown as string, remoteMta } });

let authority: TestAuthority;
let certified: HostCertificate;
let otherName: HostCertificate;
let stranger: HostCertificate;
let policyCertificate: HostCertificate;
let web: Server;
let policy: { status: number; type: string; body: string };
let policiesFetched: number;

beforeAll(async () => {
  authority = await TestAuthority.create();
  certified = await authority.certify('mx.there.example');
  otherName = await authority.certify('elsewhere.example');
  stranger = await (await TestAuthority.create()).certify('mx.there.example');
  policyCertificate = await authority.certify('mta-sts.there.example');
  web = createServer(policyCertificate, ({ url }, response) => {
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
/** What the domain would be told: kind of policy, outcome, host. */
let told: string[];
const RESULTS: TlsResults = { note: async ({ domain, type }, outcome, mxHost) => void told.push(`${domain} ${type} ${outcome ?? 'success'} ${mxHost}`) };
const outcomes = (): string[] => told.map((line) => line.split(' ').slice(1, 3).join(' '));

beforeEach(async () => {
  zone = { 'there.example/MX': ['10 mx.there.example.'], 'mx.there.example/A': ['127.0.0.1'], 'mta-sts.there.example/A': ['127.0.0.1'] };
  policy = { status: 200, type: 'text/plain', body: ENFORCE };
  policiesFetched = 0;
  dns = await startNameServer(zone);
  clock = manualClock();
  host = null;
  told = [];
});
afterEach(async () => {
  await host?.stop();
  await dns.stop();
});

/** A host with this certificate, or without STARTTLS; what is sent goes to it. */
async function hostWith(tls: HostCertificate | null, options: SMTPServerOptions = {}, address = '127.0.0.1', smtpPort?: number): Promise<void> {
  host = await OutsideHost.start(tls === null ? { disabledCommands: ['STARTTLS'] } : { cert: tls.cert, key: tls.key, ...options }, 0, address);
  const network: NetworkConventions = { smtpPort: smtpPort ?? host.port, policyPort: (web.address() as { port: number }).port, certificateAuthorities: authority.pem, internalAddresses: new BlockList() };
  const configuration = { domain: 'example.org', hostname: 'mx.example.org', routes: {}, dns: { servers: [dns.address] } } as unknown as Configuration;
  const transport = new TransportPolicy(new DanePolicy(configuration), new MtaStsPolicies(configuration, clock, network), RESULTS);
  const router = new Router(configuration, new DnsMailExchangerResolver(configuration), network, transport);
  const relay = new SmtpRelay(configuration, clock, network, RESULTS);
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

const hasIpv6 = Object.values(networkInterfaces()).flat().some((network) => network?.address === '::1');

describe('a host that is reached', () => {
  const cases: [string, boolean, string, Zone][] = [
    ['by IPv6 alone', hasIpv6, '::1', { 'mx.there.example/A': [], 'mx.there.example/AAAA': ['::1'] }],
    ['by IPv6, while nobody answers at its IPv4 address', hasIpv6, '::1', { 'mx.there.example/A': ['127.0.0.2'], 'mx.there.example/AAAA': ['::1'] }],
    ['by IPv4, while nobody answers at its IPv6 address', true, '127.0.0.1', { 'mx.there.example/AAAA': ['::1'] }],
  ];
  test.each(cases.filter(([, isPossible]) => isPossible))('%s gets the message', async (_name, _isPossible, address, records) => {
    Object.assign(zone, records);
    await hostWith(certified, {}, address);
    expect(await send()).toEqual(DELIVERED);
  });
});

if (hasIpv6 && process.platform === 'linux') test('a host whose first address answers slowly gets the message, though nobody answers at the second', async () => {
  const slow = await startSlowHost('::1');
  try {
    Object.assign(zone, { 'mx.there.example/A': ['127.0.0.2'], 'mx.there.example/AAAA': ['::1'] });
    await hostWith(null, {}, '127.0.0.1', slow.port);
    const attempt = send();
    setTimeout(() => slow.wake(), 600);   // longer than Node waits for an address by itself
    expect(await attempt).toEqual(DELIVERED);
    await slow.taken;
  } finally {
    slow.stop();
  }
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

describe('what its domain is told', () => {
  const EXPIRED = (): Promise<HostCertificate> => authority.certifyUntil(new Date('2025-06-01'), 'mx.there.example');

  test.each<[string, () => HostCertificate | null | Promise<HostCertificate>, string[]]>([
    ['TLS with anybody', () => stranger, ['no-policy-found success']],
    ['no TLS', () => null, ['no-policy-found starttls-not-supported']],
  ])('without a policy, of %s', async (_name, tls, expected) => {
    await hostWith(await tls());
    expect(await send()).toEqual(DELIVERED);
    expect(told.map((line) => line.split(' ')[0])).toEqual(['there.example']);
    expect(outcomes()).toEqual(expected);
  });

  test('of TLS that breaks, once, although the message then goes without', async () => {
    await hostWith(stranger, { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' });
    expect(await send()).toEqual(DELIVERED);
    expect(outcomes()).toEqual(['no-policy-found validation-failure']);
  });

  test.each<[string, () => HostCertificate | null | Promise<HostCertificate>, string]>([
    ['a good certificate', () => certified, 'success'],
    ['a stranger', () => stranger, 'certificate-not-trusted'],
    ['another name', () => otherName, 'certificate-host-mismatch'],
    ['an old certificate', EXPIRED, 'certificate-expired'],
    ['no TLS', () => null, 'starttls-not-supported'],
  ])('by MTA-STS, of %s, whether it binds or is only tested', async (_name, tls, outcome) => {
    enforceMtaSts();
    await hostWith(await tls());
    expect(await send()).toEqual(outcome === 'success' ? DELIVERED : deferred('(MTA-STS)'));
    policy.body = ENFORCE.replace('enforce', 'testing');
    enforceMtaSts('2');
    expect(await send()).toEqual(DELIVERED);
    expect(told).toEqual([`there.example sts ${outcome} mx.there.example`, `there.example sts ${outcome} mx.there.example`]);
  });

  test.each<[string, () => void, string]>([
    ['cannot be fetched', () => { policy.status = 500; }, 'sts-policy-fetch-error'],
    ['is none', () => { policy.body = 'version: STSv2\n'; }, 'sts-policy-invalid'],
    ['is at a host that nobody vouches for', () => { web.setSecureContext(stranger); }, 'sts-webpki-invalid'],
  ])('of a policy that %s', async (_name, spoil, outcome) => {
    enforceMtaSts();
    spoil();
    await hostWith(stranger);
    expect(await send()).toEqual(DELIVERED);
    web.setSecureContext(policyCertificate);
    expect(outcomes()).toEqual([`sts ${outcome}`, 'no-policy-found success']);
  });

  test('of hosts that a policy does not name', async () => {
    enforceMtaSts();
    policy.body = ENFORCE.replace('mx.there', '*.backup.there');
    await hostWith(certified);
    await send();
    expect(told).toEqual(['there.example sts validation-failure mx.there.example']);
  });

  test.each<[string, () => HostCertificate | null, () => string[], string]>([
    ['the right key', () => certified, () => [certified.ownKey], 'success'],
    ['another key', () => certified, () => [stranger.ownKey], 'validation-failure'],
    ['no TLS', () => null, () => [certified.ownKey], 'starttls-not-supported'],
    ['records that SMTP does not know', () => certified, () => ['1 1 1 00'], 'tlsa-invalid'],
  ])('by DANE, of %s', async (_name, tls, tlsa, outcome) => {
    await hostWith(tls());
    publishTlsa(...tlsa());
    await send();
    expect(outcomes()).toEqual([`tlsa ${outcome}`]);
  });

  test('of records that the DNS does not tell', async () => {
    await hostWith(certified);
    publishTlsa(certified.ownKey);
    dns.failing.add('_25._tcp.mx.there.example');
    await send();
    expect(outcomes()).toEqual(['tlsa dnssec-invalid']);
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
