import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryDirectory } from '@paloma/test-kit';
import { startNameServer, type NameServer, type Zone } from '@paloma/test-kit/name-server';
import type { Configuration } from '../config/configuration.js';
import { writeTlsFiles } from '../test/tls-files.js';
import { checkZone, zoneOf } from './dns-command.js';
import { PublishedRecords } from './published-records.js';

const directory = temporaryDirectory();
const tls = await writeTlsFiles(directory);
const configuration = {
  domain: 'example.org', hostname: 'mx.example.org', stateDirectory: directory,
  mx: { bind: '127.0.0.1', port: 0, ...tls }, dns: { usersHostname: 'api.example.org', reportAddress: 'reports@example.org' },
} as Configuration;

/** The zone file as a DNS server would load it. */
function load(zoneText: string): Zone {
  const zone: Zone = {};
  for (const [, name, type, value] of zoneText.matchAll(/^(\S+)\. IN (\w+) (.*)$/gm)) {
    const text = type === 'TXT' ? [...value!.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, string]) => string!.replace(/\\(.)/g, '$1')).join('') : value!;
    (zone[`${name}/${type}`] ??= []).push(text);
  }
  return zone;
}

let zone: Zone;
let nameServer: NameServer;
beforeEach(async () => {
  zone = load(zoneOf(configuration));
  nameServer = await startNameServer(zone);
});
afterEach(() => nameServer.stop());

async function check(): Promise<{ isPublished: boolean; complaints: string }> {
  const lines: string[] = [];
  const isPublished = await checkZone(configuration, new PublishedRecords(nameServer.address), (line) => lines.push(line));
  return { isPublished, complaints: lines.filter((line) => !line.startsWith('ok')).join('\n') };
}

test('the zone names what others look for, and what nobody shall look for here', () => {
  expect(Object.keys(zone)).toEqual([
    'example.org/MX', 'example.org/TXT', 'mx.example.org/TXT', 'paloma-ed25519._domainkey.example.org/TXT', 'paloma-rsa._domainkey.example.org/TXT', '_dmarc.example.org/TXT',
    '_mta-sts.example.org/TXT', 'mta-sts.example.org/CNAME', '_25._tcp.mx.example.org/TLSA', '_smtp._tls.example.org/TXT', 'openpgpkey.example.org/CNAME',
    ...['_imap', '_imaps', '_pop3', '_pop3s', '_submission', '_submissions', '_jmap'].map((service) => `${service}._tcp.example.org/SRV`), 'autoconfig.example.org/CNAME',
  ]);
  expect(zone['_dmarc.example.org/TXT']).toEqual(['v=DMARC1; p=reject; adkim=s; aspf=s; rua=mailto:reports@example.org']);
  expect(zone['_25._tcp.mx.example.org/TLSA']![0]).toMatch(/^3 1 1 [0-9a-f]{64}$/);
  expect(zoneOf(configuration).split('\n').every((line) => !/"[^"]{256}/.test(line))).toBe(true);
  expect(zoneOf(configuration)).not.toContain('PRIVATE');
  expect(readFileSync(tls.tlsKeyFile, 'utf8')).toContain('PRIVATE');
});

test('what stands in the zone file is what the check wants', async () => {
  expect(await check()).toEqual({ isPublished: true, complaints: '' });
});

describe('the check', () => {
  test.each<[string, () => void, string]>([
    ['a record that is missing', () => { delete zone['example.org/MX']; }, 'MISSING    MX    example.org.\n           should 10 mx.example.org.'],
    ['another value', () => { zone['_dmarc.example.org/TXT'] = ['v=DMARC1; p=none']; }, 'DIFFERENT  TXT   _dmarc.example.org.\n           is     v=DMARC1; p=none\n           should v=DMARC1; p=reject; adkim=s; aspf=s; rua=mailto:reports@example.org'],
    ['a TXT record of another kind in its place', () => { zone['example.org/TXT'] = ['site-verification=1']; }, 'MISSING    TXT   example.org.\n           should v=spf1 mx -all'],
  ])('tells of %s', async (_name, change, complaint) => {
    change();
    expect(await check()).toEqual({ isPublished: false, complaints: complaint });
  });

  test.each<[string, () => void]>([
    ['other records beside ours', () => { zone['example.org/TXT']!.unshift('site-verification=1'); }],
    ['other white space', () => { zone['_dmarc.example.org/TXT'] = ['v=DMARC1;p=reject;adkim=s;aspf=s;rua=mailto:reports@example.org;']; }],
    ['a host of its own instead of an alias', () => { delete zone['openpgpkey.example.org/CNAME']; zone['openpgpkey.example.org/A'] = ['192.0.2.1']; }],
  ])('is content with %s', async (_name, change) => {
    change();
    expect(await check()).toEqual({ isPublished: true, complaints: '' });
  });
});
