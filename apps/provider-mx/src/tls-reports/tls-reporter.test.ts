// From sessions with other hosts to the report that their domain gets: a name server, a real database and queue, a host that takes the
// mail and a web server that takes the POST.

import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import { BlockList } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { seededRandom } from '@paloma/test-kit';
import { startNameServer, type NameServer, type Zone } from '@paloma/test-kit/name-server';
import { Log } from '../logging/log.js';
import { CLOCK, NETWORK, RANDOM } from '../injection-tokens.js';
import { ProviderMx } from '../provider-mx.js';
import { dkimVerdicts } from '../test/dkim-verdicts.js';
import { TestAuthority } from '../test/test-authority.js';
import { testProvider } from '../test/test-provider.js';
import { daneApplied, mtaStsApplied, withoutPolicy, type TlsResults } from '../transport-security/tls-result.js';
import { NETWORK_CONVENTIONS, type NetworkConventions } from '../transport-security/network-conventions.js';
import { PostgresTlsResults } from './postgres-tls-results.js';
import { postReport } from './post-report.js';
import { ReportRequests } from './report-requests.js';
import { hostLookup } from '../transport-security/host-lookup.js';

const HOUR_MS = 60 * 60 * 1000;
const zone: Zone = {};
let dns: NameServer;
let web: Server;
let posted: { type: string | undefined; body: Buffer }[] = [];
let postStatus = 200;
let authority: TestAuthority;
const network: NetworkConventions = { ...NETWORK_CONVENTIONS, internalAddresses: new BlockList() };

beforeAll(async () => {
  authority = await TestAuthority.create();
  network.certificateAuthorities = authority.pem;
  dns = await startNameServer(zone);
  web = createServer(await authority.certify('reports.there.example'), (request, response) => void Array.fromAsync(request as AsyncIterable<Buffer>).then((chunks) => {
    posted.push({ type: request.headers['content-type'], body: Buffer.concat(chunks) });
    response.writeHead(postStatus).end();
  })).listen(0, '127.0.0.1');
  await once(web, 'listening');
});
const servers: string[] = [];
beforeAll(() => void servers.push(dns.address));
const provider = testProvider({ dns: { servers, reportAddress: 'tls@example.org' } }, [{ provide: NETWORK, useValue: network }]);
/** A second program on the same database. */
let second: ProviderMx;
beforeAll(async () => {
  second = await ProviderMx.start(provider.configuration, new Log(), [
    { provide: CLOCK, useValue: provider.clock }, { provide: RANDOM, useValue: seededRandom('second') }, { provide: NETWORK, useValue: network },
  ]);
});
afterAll(async () => {
  await second?.stop();
  web.close();
  await dns.stop();
});

let results: TlsResults;
beforeEach(() => {
  for (const key of Object.keys(zone)) delete zone[key];
  dns.failing.clear();
  posted = [];
  postStatus = 200;
  const { configuration, clock, providerMx } = provider;
  results = new PostgresTlsResults(providerMx.dataSource, new ReportRequests(configuration, clock), configuration, clock, seededRandom('results'), new Log());
});
afterEach(async () => {
  provider.outside.forget();
  await provider.providerMx.dataSource.query('TRUNCATE provider_mx.tls_report, provider_mx.tls_result, provider_mx.outgoing_acceptance');
  provider.clock.advance(2 * HOUR_MS);   // what was remembered of the DNS is over
});

const ask = (rua: string, domain = 'there.example'): void => { zone[`_smtp._tls.${domain}/TXT`] = [`v=TLSRPTv1; rua=${rua}`]; };
const webUrl = (): string => `https://reports.there.example:${(web.address() as { port: number }).port}/tls`;

async function nextDay(): Promise<void> {
  const { clock } = provider;
  clock.advance(24 * HOUR_MS - (clock.nowMs() % (24 * HOUR_MS)) + 4 * HOUR_MS);
}

/** Runs what is due, in both programs at once, and delivers what they queued. */
async function report(): Promise<void> {
  const programs = [provider.providerMx, second];
  await Promise.all(programs.map(({ tlsReporter }) => tlsReporter.sendDue()));
  await Promise.all(programs.map(({ worker }) => worker.drain()));
}

const opened = (gzip: Uint8Array): unknown => JSON.parse(gunzipSync(gzip).toString());
const attachmentOf = (data: string): Buffer => Buffer.from(/Content-Type: application\/tlsrpt\+gzip[^]*?\r\n\r\n([^-]*)/.exec(data)![1]!, 'base64');

test('a domain that asks gets one report a day by mail: what went well and what did not, signed, with no address in it', async () => {
  ask('mailto:tls@outside.example');
  const sts = mtaStsApplied('there.example', { mode: 'enforce', maxAge: 86_400, mx: ['mx.there.example', '*.there.example'] });
  const day = new Date(provider.clock.nowMs()).toISOString().slice(0, 10);
  await results.note(sts, null, 'mx.there.example');
  await results.note(sts, null, 'mx2.there.example');
  await results.note(sts, 'certificate-expired', 'mx.there.example');
  await results.note(sts, 'certificate-expired', 'mx.there.example');
  await results.note(sts, 'starttls-not-supported', 'mx2.there.example');
  await results.note(withoutPolicy('there.example'), null, 'mx.there.example');
  await report();
  expect(provider.outside.messages).toEqual([]);   // the day is not over
  await nextDay();
  await report();
  const [mail, ...others] = provider.outside.messages;
  expect([others, mail!.reversePath, mail!.forwardPaths]).toEqual([[], '', ['tls@outside.example']]);
  const { data } = mail!;
  for (const field of [
    /^TLS-Report-Domain: there\.example\r$/m, /^TLS-Report-Submitter: example\.org\r$/m, /^From: <tls@example\.org>\r$/m, /^Content-Type: multipart\/report;\r\n report-type="tlsrpt"/m,
    /^Subject: Report Domain: there\.example Submitter: example\.org\s+Report-ID:\s+<\S+@example\.org>\r$/m, /filename="example\.org!there\.example!\d+!\d+\.json\.gz"/,
  ]) expect(data).toMatch(field);
  expect(opened(attachmentOf(data))).toEqual({
    'organization-name': 'example.org',
    'date-range': { 'start-datetime': `${day}T00:00:00Z`, 'end-datetime': `${day}T23:59:59Z` },
    'contact-info': 'tls@example.org',
    'report-id': `${day}.there.example@example.org`,
    policies: [
      { policy: { 'policy-type': 'no-policy-found', 'policy-domain': 'there.example' }, summary: { 'total-successful-session-count': 1, 'total-failure-session-count': 0 } },
      {
        policy: {
          'policy-type': 'sts', 'policy-domain': 'there.example', 'policy-string': ['version: STSv1', 'mode: enforce', 'mx: mx.there.example', 'mx: *.there.example', 'max_age: 86400'],
          'mx-host': ['mx.there.example', '*.there.example'],
        },
        summary: { 'total-successful-session-count': 2, 'total-failure-session-count': 3 },
        'failure-details': [
          { 'result-type': 'certificate-expired', 'receiving-mx-hostname': 'mx.there.example', 'failed-session-count': 2 },
          { 'result-type': 'starttls-not-supported', 'receiving-mx-hostname': 'mx2.there.example', 'failed-session-count': 1 },
        ],
      },
    ],
  });
  expect(await dkimVerdicts(data, provider.configuration)).toEqual([['ed25519-sha256', 'pass'], ['rsa-sha256', 'pass']]);
  await nextDay();
  await report();
  expect(provider.outside.messages).toHaveLength(1);
});

test('by HTTPS it is posted; what is not taken is tried again for a day, and then forgotten', async () => {
  ask(webUrl());
  zone['reports.there.example/A'] = ['127.0.0.1'];
  await results.note(daneApplied('there.example', [{ usage: 3, selector: 1, matchingType: 1, association: Buffer.from('ab', 'hex') }]), 'validation-failure', 'mx.there.example');
  await nextDay();
  postStatus = 503;
  await report();
  await report();
  expect(posted).toHaveLength(1);
  postStatus = 201;
  provider.clock.advance(HOUR_MS);
  await report();
  expect(posted.map(({ type }) => type)).toEqual(['application/tlsrpt+gzip', 'application/tlsrpt+gzip']);
  expect(opened(posted[1]!.body)).toMatchObject({ policies: [{ policy: { 'policy-type': 'tlsa', 'policy-string': ['3 1 1 ab'] }, 'failure-details': [{ 'result-type': 'validation-failure' }] }] });
  provider.clock.advance(HOUR_MS);
  await report();
  expect(posted).toHaveLength(2);
  await results.note(withoutPolicy('there.example'), null, '');
  await nextDay();
  postStatus = 503;
  provider.clock.advance(28 * HOUR_MS);
  await report();
  expect(posted).toHaveLength(2);
});

test('nothing is kept of domains that do not ask, and nothing goes where the switch is off', async () => {
  const kept = async (): Promise<unknown> => provider.providerMx.dataSource.query('SELECT domain FROM provider_mx.tls_result');
  await results.note(withoutPolicy('silent.example'), 'validation-failure', 'mx.silent.example');
  ask('mailto:tls@outside.example');
  Object.assign(provider.configuration.tlsReports, { send: false });
  try {
    await results.note(withoutPolicy('there.example'), null, 'mx.there.example');
  } finally {
    Object.assign(provider.configuration.tlsReports, { send: true });
  }
  expect(await kept()).toEqual([]);
});

test('what the DNS does not tell now is kept, and reported when it does', async () => {
  dns.failing.add('_smtp._tls.there.example');
  await results.note(withoutPolicy('there.example'), 'validation-failure', 'mx.there.example');
  await nextDay();
  await report();
  expect(provider.outside.messages).toEqual([]);
  dns.failing.clear();
  ask('mailto:tls@outside.example');
  provider.clock.advance(HOUR_MS);
  await report();
  expect(provider.outside.messages).toHaveLength(1);
});

test('a host with ever new names and failures fills no table', async () => {
  ask('mailto:tls@outside.example');
  for (let host = 0; host < 105; host++) await results.note(withoutPolicy('there.example'), 'validation-failure', `mx${host}.there.example`);
  await results.note(withoutPolicy('there.example'), 'validation-failure', 'mx0.there.example');
  const [counted] = await provider.providerMx.dataSource.query<{ kinds: number; sessions: number }[]>('SELECT count(*)::int4 AS kinds, sum(sessions)::int4 AS sessions FROM provider_mx.tls_result');
  expect(counted).toEqual({ kinds: 100, sessions: 101 });
});

test.each([
  ['an address of the operator\'s own network', 'reports.there.example', NETWORK_CONVENTIONS.internalAddresses],
  ['an address instead of a name', '127.0.0.1', new BlockList()],
  ['an IPv6 address instead of a name', '[::1]', new BlockList()],
])('nothing is posted to %s', async (_name, host, internalAddresses) => {
  zone['reports.there.example/A'] = ['127.0.0.1'];
  const url = webUrl().replace('reports.there.example', host);
  expect(await postReport(url, Buffer.from('x'), hostLookup(servers), { ...network, internalAddresses })).toBe(false);
  expect(posted).toEqual([]);
});
