import { expect, test } from '@jest/globals';
import type { Configuration } from '../config/configuration.js';
import { NETWORK_CONVENTIONS } from '../transport-security/network-conventions.js';
import { OPPORTUNISTIC } from '../transport-security/tls-requirement.js';
import { withoutPolicy } from '../transport-security/tls-result.js';
import type { HostPolicy, TransportPolicy } from '../transport-security/transport-policy.js';
import type { AddressAnswer, MailExchangerAnswer } from './mail-exchanger-resolver.js';
import { Router, type Route } from './route.js';

const TLS = { kind: 'publicAuthority' } as const;
const APPLIED = withoutPolicy('a.example');
/** Bound by a policy that forbids hosts called "bad". */
const POLICY = {
  find: async (_domain: string, hosts: readonly string[]) => hosts.map((host): HostPolicy => (host.startsWith('bad')
    ? { kind: 'unusable', reason: `${host} is bad`, failure: 'validation-failure', applied: APPLIED } : { kind: 'usable', tls: TLS, applied: APPLIED })),
} as TransportPolicy;

const records = (...exchanges: [string, number][]): MailExchangerAnswer => ({ kind: 'records', records: exchanges.map(([exchange, priority]) => ({ exchange, priority })) });
const table = (host: string, port: number): Route => ({ kind: 'hosts', hosts: [{ host, port, tls: OPPORTUNISTIC }] });
const found = (...hosts: string[]): Route => ({ kind: 'hosts', hosts: hosts.map((host) => ({ host, port: 25, tls: TLS, applied: APPLIED })) });
const silent = (kind: 'failed' | 'deferred', status: string, diagnostic: string | null = null): Route => ({ kind, failure: { status, diagnostic, remoteMta: null } });

function route(domain: string, routes: Record<string, string>, answer: MailExchangerAnswer = { kind: 'outage' }, address: AddressAnswer = 'outage'): Promise<Route> {
  const configuration = { domain: 'example.org', hostname: 'mx.example.org', routes } as unknown as Configuration;
  return new Router(configuration, { resolveMailExchangers: async () => answer, resolveAddress: async () => address }, NETWORK_CONVENTIONS, POLICY).findRoute(domain);
}

test.each<[string, Promise<Route>, Route]>([
  ['the table first, and under no policy', route('a.example', { 'a.example': '10.0.0.7:2525', '*': 's:25' }), table('10.0.0.7', 2525)],
  ['the table even for the own domain', route('example.org', { 'example.org': '[::1]:25' }), table('::1', 25)],
  ['the own domain before the smarthost', route('example.org', { '*': 's:25' }), { kind: 'local' }],
  ['the smarthost for all others', route('b.example', { '*': 'bad:587' }), table('bad', 587)],
  ['nothing that objects inherit', route('constructor', {}, { kind: 'noSuchDomain' }), silent('failed', '5.1.2')],
  ['exchangers by priority, under the policy', route('b.example', {}, records(['late', 20], ['early', 10])), found('early', 'late')],
  ['only exchangers before this host', route('b.example', {}, records(['mx.example.org', 20], ['early', 10], ['late', 30])), found('early')],
  ['no way back to this host', route('b.example', {}, records(['MX.example.org', 10], ['late', 30])), silent('failed', '5.4.6')],
  ['the null MX', route('b.example', {}, records(['', 0])), silent('failed', '5.1.10')],
  ['the domain itself without MX', route('b.example', {}, { kind: 'noRecords' }, 'hasAddress'), found('b.example')],
  ['neither MX nor address', route('b.example', {}, { kind: 'noRecords' }, 'noAddress'), silent('failed', '5.1.2')],
  ['an outage of the DNS', route('b.example', {}, { kind: 'outage' }), silent('deferred', '4.4.3')],
  ['an outage in the second step', route('b.example', {}, { kind: 'noRecords' }, 'outage'), silent('deferred', '4.4.3')],
  ['no host that the policy forbids', route('b.example', {}, records(['bad.example', 10], ['good', 20])), found('good')],
  ['nobody, when the policy forbids all', route('b.example', {}, records(['bad.example', 10], ['bad', 20])), silent('deferred', '4.7.5', 'bad.example is bad; bad is bad')],
])('%s', async (_name, answer, expected) => {
  expect(await answer).toEqual(expected);
});

test('a report about TLS goes to all hosts, under no policy, and is not reported about', async () => {
  const configuration = { domain: 'example.org', hostname: 'mx.example.org', routes: {} } as unknown as Configuration;
  const router = new Router(configuration, { resolveMailExchangers: async () => records(['bad.example', 1]), resolveAddress: async () => 'outage' }, NETWORK_CONVENTIONS, POLICY);
  expect(await router.findRoute('a.example', true)).toEqual({ kind: 'hosts', hosts: [{ host: 'bad.example', port: 25, tls: OPPORTUNISTIC }] });
});
