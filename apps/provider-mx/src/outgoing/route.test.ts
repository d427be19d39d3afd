import { expect, test } from '@jest/globals';
import type { Configuration } from '../config/configuration.js';
import type { AddressAnswer, MailExchangerAnswer } from './mail-exchanger-resolver.js';
import { Router, type Route } from './route.js';

const records = (...exchanges: [string, number][]): MailExchangerAnswer => ({ kind: 'records', records: exchanges.map(([exchange, priority]) => ({ exchange, priority })) });
const port25 = (...hosts: string[]): Route => ({ kind: 'hosts', hosts: hosts.map((host) => ({ host, port: 25 })) });
const silent = (kind: 'failed' | 'deferred', status: string): Route => ({ kind, failure: { status, diagnostic: null, remoteMta: null } });

function route(domain: string, routes: Record<string, string>, answer: MailExchangerAnswer = { kind: 'outage' }, address: AddressAnswer = 'outage'): Promise<Route> {
  const configuration = { domain: 'example.org', hostname: 'mx.example.org', routes } as unknown as Configuration;
  return new Router(configuration, { resolveMailExchangers: async () => answer, resolveAddress: async () => address }).findRoute(domain);
}

test.each<[string, Promise<Route>, Route]>([
  ['the table first', route('a.example', { 'a.example': '10.0.0.7:2525', '*': 's:25' }), { kind: 'hosts', hosts: [{ host: '10.0.0.7', port: 2525 }] }],
  ['the table even for the own domain', route('example.org', { 'example.org': '[::1]:25' }), port25('::1')],
  ['the own domain before the smarthost', route('example.org', { '*': 's:25' }), { kind: 'local' }],
  ['the smarthost for all others', route('b.example', { '*': 's:587' }), { kind: 'hosts', hosts: [{ host: 's', port: 587 }] }],
  ['nothing that objects inherit', route('constructor', {}, { kind: 'noSuchDomain' }), silent('failed', '5.1.2')],
  ['exchangers by priority', route('b.example', {}, records(['late', 20], ['early', 10])), port25('early', 'late')],
  ['only exchangers before this host', route('b.example', {}, records(['mx.example.org', 20], ['early', 10], ['late', 30])), port25('early')],
  ['no way back to this host', route('b.example', {}, records(['MX.example.org', 10], ['late', 30])), silent('failed', '5.4.6')],
  ['the null MX', route('b.example', {}, records(['', 0])), silent('failed', '5.1.10')],
  ['the domain itself without MX', route('b.example', {}, { kind: 'noRecords' }, 'hasAddress'), port25('b.example')],
  ['neither MX nor address', route('b.example', {}, { kind: 'noRecords' }, 'noAddress'), silent('failed', '5.1.2')],
  ['an outage of the DNS', route('b.example', {}, { kind: 'outage' }), silent('deferred', '4.4.3')],
  ['an outage in the second step', route('b.example', {}, { kind: 'noRecords' }, 'outage'), silent('deferred', '4.4.3')],
])('%s', async (_name, found, expected) => {
  expect(await found).toEqual(expected);
});
