// Many large messages at once in the built program, as operators start it. Needs `npm run build` first, and proc(5) to be judged by.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { stringify } from 'smol-toml';
import { createTestDatabase } from '@paloma/embedded-postgres';
import { MAX_MESSAGE_BYTES } from '@paloma/shared-model';
import { temporaryDirectory } from '@paloma/test-kit';
import { ServicesTwin } from '../test/services-twin.js';
import { SmtpClient } from '../test/smtp-client.js';
import { TestMailbox } from '../test/test-mailbox.js';
import { testConfiguration } from '../test/test-provider.js';

const PROGRAM = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const MIB = 1024 * 1024;
const SENDERS = 20;
const MESSAGE = Buffer.from(`Subject: large\r\n\r\n${'x'.repeat(70).concat('\r\n').repeat(25 * MIB / 72)}`);
const TIMEOUT_MS = 180_000;

const directory = temporaryDirectory();

/** The reply after DATA. */
async function sendLarge(port: number, announced: boolean): Promise<string> {
  const client = await SmtpClient.connect(port);
  await client.command(`MAIL FROM:<a@outside.example>${announced ? ` SIZE=${MESSAGE.length}` : ''}`);
  await client.command('RCPT TO:<alice@example.org>');
  await client.command('DATA');
  client.socket.write(MESSAGE);
  const reply = await client.command('.');
  client.close();
  return reply;
}

const peakBytes = (pid: number): number => Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;

if (existsSync('/proc/self/status')) test(`${SENDERS} messages of 25 MiB at once are all taken, within 400 MiB of memory`, async () => {
  const [database, services] = [await createTestDatabase(), await ServicesTwin.start()];
  const alice = await TestMailbox.create('alice@example.org');
  services.addAccount('alice@example.org', alice.certificate);
  const { maxBytesInFlight: _, ...settings } = testConfiguration(directory, database.url, services, 1);
  const file = join(directory, 'config.toml');
  writeFileSync(file, stringify({ ...settings, maxMessageBytes: MAX_MESSAGE_BYTES }));
  const child = spawn(process.execPath, ['--max-semi-space-size=8', '--heap-growing-percent=50', PROGRAM, '--config', file], { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const { ports } = JSON.parse(line) as { ports: { mx: number } };
    const replies = await Promise.all(Array.from({ length: SENDERS }, (_sender, index) => sendLarge(ports.mx, index % 4 > 0)));
    expect(replies).toEqual(replies.map(() => expect.stringMatching(/^250 2\.6\.0 /)));
    expect(services.puts).toHaveLength(SENDERS);
    const text = await alice.open(services.itemsOf('alice@example.org')[0]!);
    expect(text.startsWith('Return-Path: <a@outside.example>\r\nReceived: ') && text.endsWith(MESSAGE.toString())).toBe(true);
    expect(peakBytes(child.pid!) / MIB).toBeLessThan(400);
  } finally {
    child.kill('SIGKILL');
    await services.stop();
    await database.drop();
  }
}, TIMEOUT_MS);
