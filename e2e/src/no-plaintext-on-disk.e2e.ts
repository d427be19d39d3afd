/** @jest-environment-options {"customExportConditions": ["paloma-device", "node", "node-addons"]} */
// "Plaintext exists in that process's memory only" (DESIGN.md), while a thousand messages come in and some hundred go out: every octet
// that the provider's programs and their PostgreSQL write into any file is searched for what stood in the messages.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { isInstalled } from './foreign/installed-program.js';
import { filesHolding } from './harness/canary.js';
import { databaseHolding } from './harness/database-search.js';
import { canWatch, FileWriteWatch, type SeenWrites } from './harness/file-write-watch.js';
import { SmtpSender, type SubmissionAccess } from './harness/smtp-sender.js';
import { World, type UserDevice } from './harness/world.js';
import { submissionAccess } from './test/session-token.js';

/** In subject, body, attachment and envelope; letters alone, in lower case, so that nothing on the way spells it otherwise. */
const CANARY = 'xanthophyllite';
const INCOMING = 1_000;
const OUTGOING = 200;
const SESSIONS = 8;
const DOMAINS_OUTSIDE = 20;
const HARAKA_PLUGIN = `
exports.hook_data = (next, { transaction }) => { transaction.parse_body = true; next(); };
exports.hook_data_post = (next, { transaction }) => { transaction.add_header('X-Seen', String(transaction.body.bodytext.length)); next(); };
`;

/** A program of Python that writes in every way there is, into a file named after the way. */
const WRITER = `
import base64, mmap, os, sys
print('ready', flush=True)
sys.stdin.readline()
text = b'${CANARY}' * 100
def new(name): return os.open(os.path.join(sys.argv[1], name), os.O_RDWR | os.O_CREAT)
os.write(new('at-once'), text)
os.pwrite(new('at-a-place'), text, 5)
os.writev(new('in-pieces'), [b'one', text])
os.write(new('in-base64'), base64.b64encode(b'.' + text))
os.write(new('in-utf-16'), text.decode().encode('utf-16-le'))
deleted = new('deleted')
os.unlink(os.path.join(sys.argv[1], 'deleted'))
os.write(deleted, text)
mapped = new('mapped')
os.ftruncate(mapped, 4096)
mmap.mmap(mapped, 4096)[:len(text)] = text
os.copy_file_range(new('at-once'), new('copied'), 10)
if os.fork() == 0: os.write(new('by-a-child'), text)
else: os.wait()
`;
const WAYS = ['at-a-place', 'at-once', 'by-a-child', 'copied', 'deleted', 'in-base64', 'in-pieces', 'in-utf-16', 'mapped'];

/** Octets of the attachment of message `number`: letters, files, and some that are beyond what provider-sync keeps in a row or provider-mx encrypts at once. */
function attachmentBytesOf(number: number): number {
  if (number % 500 === 0) return 4_500_000;
  if (number % 50 === 0) return 400_000;
  return number % 10 === 0 ? 40_000 : 0;
}

function messageOf(number: number, from: string): string {
  const attachment = Buffer.from(`${CANARY}-attachment `.repeat(Math.ceil(attachmentBytesOf(number) / 26))).toString('base64').replaceAll(/.{76}/g, '$&\r\n');
  return [
    `From: ${from}`, `To: ${CANARY}-to@example.org`, `Subject: ${CANARY}-subject ${number}`, `Message-ID: <${number}.${CANARY}@example.org>`, 'Date: Mon, 23 Nov 2026 10:00:00 +0000',
    'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b', '', '--b', 'Content-Type: text/plain', '', ...Array<string>(20).fill(`${CANARY}-body of number ${number}`),
    '--b', `Content-Type: application/octet-stream; name=${CANARY}-name`, 'Content-Transfer-Encoding: base64', '', attachment, '--b--', '',
  ].join('\r\n');
}

/** Several sessions send the numbers up to `count`, each message once. @throws what was refused */
async function sendAll(count: number, connect: () => Promise<SmtpSender>, send: (sender: SmtpSender, number: number) => Promise<string>): Promise<void> {
  let next = 0;
  await Promise.all(Array.from({ length: SESSIONS }, async () => {
    const sender = await connect();
    while (next < count) {
      next += 1;
      const reply = await send(sender, next);
      if (!reply.startsWith('250')) throw new Error(reply);
    }
    sender.close();
  }));
}

if (canWatch()) describe('watched', () => {
  let world: World;
  let plugged: Awaited<ReturnType<World['provider']['startFurtherMx']>>;
  let alice: UserDevice;
  let recipients: string[];
  let access: SubmissionAccess;
  let seen: SeenWrites;

  beforeAll(async () => {
    world = await World.start();
    plugged = await world.provider.startFurtherMx({ plugins: harakaPlugins(join(world.directory, 'haraka')) });
    alice = await world.signUp('alice');
    access = await submissionAccess(world, alice);
    const others = [await world.signUp('bob'), await world.signUp('carol')];
    recipients = [alice, ...others].map(({ address }) => address);
    await Promise.all([alice, ...others].map(({ device }) => device.stop()));   // mail stays at the provider
    const { sync, mx, databasePid } = world.provider;
    const pids = [databasePid, sync.pid, mx.pid, plugged.process.pid].filter((pid) => pid !== null);
    const watch = await FileWriteWatch.attach(pids, CANARY);
    await Promise.all([sendAll(INCOMING, connectOutside, sendOutside), sendAll(OUTGOING, () => SmtpSender.connect(world.provider.ports.submission, access), submit)]);
    await world.outside.messages(OUTGOING);
    seen = await watch.end();
  });
  afterAll(async () => {
    await plugged?.process.stop();
    await world?.stop();
  });

  let connections = 0;
  function connectOutside(): Promise<SmtpSender> {
    connections += 1;
    return SmtpSender.connect(connections % 2 === 0 ? world.provider.ports.mx : plugged.ports.mx);
  }

  function sendOutside(sender: SmtpSender, number: number): Promise<string> {
    return sender.send(`${CANARY}-from-${number}@example.org`, recipients[number % recipients.length]!, messageOf(number, `${CANARY}-from@example.org`));
  }

  function submit(sender: SmtpSender, number: number): Promise<string> {
    return sender.send(alice.address, `${CANARY}-to-${number}@outside-${number % DOMAINS_OUTSIDE}.example`, messageOf(number, alice.address));
  }

  test('no file that the provider writes ever holds plaintext', () => {
    expect({ holding: [...new Set(seen.holding)] }).toEqual({ holding: [] });
    expect(seen.hidden).toEqual([]);
    expect(seen.mapped.filter(isOnDisk)).toEqual([]);
  });

  test('and all of the mail was written', async () => {
    const client = new pg.Client({ connectionString: world.provider.databaseUrl });
    await client.connect();
    const { rows } = await client.query<{ items: number; files: number }>('SELECT count(*)::int4 AS items, count(file_id)::int4 AS files FROM incoming_item');
    await client.end();
    const large = Array.from({ length: INCOMING }, (_, index) => attachmentBytesOf(index + 1)).filter((sizeBytes) => sizeBytes > 300_000);
    expect(rows).toEqual([{ items: INCOMING, files: large.length }]);
    expect(seen.writtenBytes).toBeGreaterThan(large.reduce((sum, sizeBytes) => sum + sizeBytes, 0));
    expect([...seen.writtenFiles].some((path) => path.includes('/sync/blobs/'))).toBe(true);
  });

  test('nor does anything that lies on the disk afterwards, in whatever form PostgreSQL keeps it', async () => {
    expect(filesHolding(world.providerDirectory, CANARY)).toEqual([]);
    expect(await databaseHolding(world.provider.databaseUrl, CANARY)).toEqual([]);
  });
});

if (canWatch() && isInstalled('python3')) test('the watch finds what a program writes, whichever way it does', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'paloma-written-'));
  const writer = spawn('python3', ['-c', WRITER, directory], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(writer.stdout, 'data');
  const watch = await FileWriteWatch.attach([writer.pid!], CANARY);
  writer.stdin.end('\n');
  await once(writer, 'exit');
  const { holding, mapped, hidden } = await watch.end();
  rmSync(directory, { recursive: true });
  expect(WAYS.filter((way) => [...holding, ...mapped, ...hidden].some((what) => what.includes(join(directory, way))))).toEqual(WAYS);
});

/** In memory alone. */
function isOnDisk(path: string): boolean {
  return !/^\/(?:dev\/(?:zero|shm\/)|SYSV)/.test(path);
}

function harakaPlugins(directory: string): { directory: string; list: string[] } {
  mkdirSync(join(directory, 'config'), { recursive: true });
  mkdirSync(join(directory, 'plugins'));
  writeFileSync(join(directory, 'plugins/reader.js'), HARAKA_PLUGIN);
  return { directory, list: ['reader'] };
}
