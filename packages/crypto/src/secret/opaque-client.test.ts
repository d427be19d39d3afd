import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { beforeAll, expect, test } from '@jest/globals';
import { parseMailAddress, Redacted } from '@paloma/shared-model';
import { createOpaqueSetup, opaqueAnswerRegistration, opaqueReady } from '../public/opaque-server.js';
import type { OpaqueCost } from '../test/opaque-process.js';
import { startThread, withOpaqueClient, type OpaqueClient } from './opaque-client.js';

const PROCESS = fileURLToPath(new URL('../../dist/test/opaque-process.js', import.meta.url));
const credential = { passphrase: new Redacted('correct horse battery staple'), address: parseMailAddress('alice@example.org') };
/** Takes longer than any test does; interrupted it ends at once. */
const endless = { memoryKib: 64 * 1024, passes: 1_000_000 };
const internal = (sentence: RegExp) => expect.objectContaining({ code: 'internal', message: expect.stringMatching(sentence) });
let setup: string;

beforeAll(async () => {
  await opaqueReady();
  setup = createOpaqueSetup();
});

async function startedRegistration(opaque: OpaqueClient, stretching = endless): Promise<string> {
  return opaqueAnswerRegistration({ setup, address: credential.address, registrationRequest: await opaque.startRegistration({ ...credential, stretching }) });
}

test('the thread lives as long as the act, also when that fails', async () => {
  const thread = startThread();
  await withOpaqueClient(async (opaque) => {
    await opaque.startLogin(credential);
    expect(thread.threadId).toBeGreaterThan(0);
  }, { thread });
  expect(thread.threadId).toBe(-1);

  const second = startThread();
  const failing = withOpaqueClient(async () => { throw new Error('the provider is away'); }, { thread: second });
  await expect(failing).rejects.toThrow('the provider is away');
  expect(second.threadId).toBe(-1);
});

test('an act that breaks off while the passphrase is stretched ends the stretching', async () => {
  const thread = startThread();
  await withOpaqueClient(async (opaque) => {
    const finishing = opaque.finishRegistration(await startedRegistration(opaque));
    await opaque.close();
    await expect(finishing).rejects.toEqual(internal(/has ended/));
  }, { thread });
  expect(thread.threadId).toBe(-1);
});

test('a thread that is ended midway is an error, and so is every step after it', async () => {
  const thread = startThread();
  await withOpaqueClient(async (opaque) => {
    const finishing = opaque.finishRegistration(await startedRegistration(opaque));
    await Promise.all([expect(finishing).rejects.toEqual(internal(/has ended/)), thread.terminate()]);
    await expect(opaque.startLogin(credential)).rejects.toEqual(internal(/has ended/));
  }, { thread });
});

test('a thread that cannot be started, or fails, is an error that tells the reason and no secret', async () => {
  const thread = new Worker(new URL('./no-such-thread.js', import.meta.url));
  await expect(withOpaqueClient((opaque) => opaque.startLogin(credential), { thread })).rejects.toMatchObject({
    code: 'internal', cause: { cause: { message: expect.stringContaining('no-such-thread') } },
  });
  await expect(withOpaqueClient((opaque) => opaque.finishLogin('never started'))).rejects.toEqual(internal(/has ended/));
});

test('a thread that hangs is an error when its time is over, and ended', async () => {
  const thread = new Worker('for (;;);', { eval: true });
  await expect(withOpaqueClient((opaque) => opaque.startLogin(credential), { thread, answerWithinMs: 50 })).rejects.toEqual(internal(/did not answer in 50 ms/));
  expect(thread.threadId).toBe(-1);
});

const MEBIBYTE = 1024 * 1024;

test('while it stretches, the process goes on with other work; afterwards the memory is given back', () => {
  const { stdout, stderr } = spawnSync(process.execPath, [PROCESS, 'measure'], { encoding: 'utf8' });
  expect(stderr).toBe('');
  const { ticks, grownBytes, keptBytes } = JSON.parse(stdout) as OpaqueCost;
  expect(ticks).toBeGreaterThan(5);
  expect(grownBytes).toBeGreaterThan(48 * MEBIBYTE);
  expect(keptBytes).toBeLessThan(32 * MEBIBYTE);
});

test('a process that exits does not wait for the stretching', () => {
  expect(spawnSync(process.execPath, [PROCESS, 'exit'], { timeout: 25_000 }).status).toBe(7);
});
