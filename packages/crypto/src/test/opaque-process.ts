// Runs as a process of its own, where nothing else uses time or memory. `measure` registers and writes what that cost those who
// share the process; `exit` starts to stretch what takes for ever, and exits with code 7.

import { parseMailAddress, Redacted } from '@paloma/shared-model';
import { createOpaqueSetup, opaqueAnswerRegistration, opaqueReady } from '../public/opaque-server.js';
import { withOpaqueClient } from '../secret/opaque-client.js';
import { FULL_STRETCHING } from '../secret/passphrase-stretching.js';

/** What a registration in full cost. */
export interface OpaqueCost {
  /** Turns that a timer of 5 ms had meanwhile. */
  ticks: number;
  /** Resident memory above that before: at most, and when the thread was gone. */
  grownBytes: number;
  keptBytes: number;
}

const credential = { passphrase: new Redacted('correct horse battery staple'), address: parseMailAddress('alice@example.org') };
const TICK_MS = 5;

async function register(stretching: typeof FULL_STRETCHING, finishing: (finish: () => Promise<unknown>) => Promise<void>): Promise<void> {
  await opaqueReady();
  const setup = createOpaqueSetup();
  await withOpaqueClient(async (opaque) => {
    const registrationRequest = await opaque.startRegistration({ ...credential, stretching });
    const registrationResponse = opaqueAnswerRegistration({ setup, address: credential.address, registrationRequest });
    await finishing(() => opaque.finishRegistration(registrationResponse));
  });
}

async function measure(): Promise<OpaqueCost> {
  await register(FULL_STRETCHING, async () => {});   // what a first thread leaves behind, without any stretching
  const beforeBytes = process.memoryUsage.rss();
  let [ticks, peakBytes] = [0, 0];
  await register(FULL_STRETCHING, async (finish) => {
    const ticking = setInterval(() => {
      ticks += 1;
      peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
    }, TICK_MS);
    await finish();
    clearInterval(ticking);
  });
  return { ticks, grownBytes: peakBytes - beforeBytes, keptBytes: process.memoryUsage.rss() - beforeBytes };
}

if (process.argv[2] === 'measure') process.stdout.write(JSON.stringify(await measure()));
if (process.argv[2] === 'exit') {
  await register({ ...FULL_STRETCHING, passes: 1_000_000 }, async (finish) => {
    setTimeout(() => process.exit(7), 10 * TICK_MS);
    await finish();
  });
}
