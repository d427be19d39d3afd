// A program of the user's that hands in mail at the provider itself, by a TLS certificate that the command `paloma` had issued: msmtp
// presents it and says EXTERNAL, and the provider judges. Where msmtp is missing, the test is left out; .ci/run installs it.

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isInstalled, runProgram } from './foreign/installed-program.js';
import { paloma, type CommandResult } from './harness/paloma-command.js';
import { World, type UserDevice } from './harness/world.js';

const STRANGER = 'friend@example.com';
let world: World;
let user: UserDevice;
let file: string;

beforeAll(async () => {
  world = await World.start({ submissionSettings: { messagesPerHour: 1000, recipientsPerHour: 10_000, startTlsPort: 0 } });
  user = await world.signUp('mona');
  file = join(world.directory, 'msmtp.pem');
});
afterAll(() => world?.stop());

const run = (...args: string[]): Promise<CommandResult> => paloma(user.device, ['submission-certificate', ...args]);

/** One message; its port and how TLS begins are options. @throws with what msmtp says when the provider refuses */
function msmtp(subject: string, options: readonly string[], from = user.address): Promise<string> {
  return runProgram('msmtp', [
    '--host=127.0.0.1', '--tls=on', `--tls-trust-file=${world.provider.tls.authorityFile}`, `--tls-cert-file=${file}`, `--tls-key-file=${file}`, '--auth=external', `--user=${from}`, `--from=${from}`,
    ...options, STRANGER,
  ], { home: world.directory, input: `From: ${from}\nTo: ${STRANGER}\nSubject: ${subject}\n\nGrüße\n` });
}
const implicitTls = (): string[] => [`--port=${world.provider.ports.submission}`, '--tls-starttls=off'];
const startTls = (): string[] => [`--port=${world.provider.mx.ports['submissionStartTls']}`, '--tls-starttls=on'];

if (isInstalled('msmtp')) describe('msmtp', () => {
  test('with the certificate that the command wrote, hands in mail on both ports, and only in the name of the account', async () => {
    const { code, out, err } = await run('add', file);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(`Server 127.0.0.1, port ${world.provider.ports.submission} with TLS, SASL mechanism EXTERNAL, sender ${user.address}.`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(world.directory).filter((name) => name.startsWith('msmtp.pem'))).toEqual(['msmtp.pem']);
    await msmtp('over implicit TLS', implicitTls());
    await msmtp('over STARTTLS', startTls());
    const letters = await world.outside.messages(2);
    for (const [index, subject] of ['over implicit TLS', 'over STARTTLS'].entries()) {
      const letter = letters.find(({ octets }) => octets.includes(`Subject: ${subject}`))!;
      const text = letter.octets.toString();
      expect([index, letter.reversePath]).toEqual([index, user.address]);
      expect(text).toMatch(/^Received: by mx\.paloma\.test with ESMTPSA/m);
      expect(text.match(/^DKIM-Signature: /gm)).toHaveLength(2);
      expect(text).not.toContain('127.0.0.1');
    }
    await expect(msmtp('in the name of somebody else', implicitTls(), 'bob@paloma.test')).rejects.toThrow(/535 5\.7\.8/);
  });

  test('is let in with the renewed one, and with none that was revoked', async () => {
    const renewed = JSON.parse((await run('add', file, '--json')).out) as { certificateId: string };
    const listed = JSON.parse((await run('list', '--json')).out) as { certificateId: string }[];
    expect(listed.map(({ certificateId }) => certificateId)).toContain(renewed.certificateId);
    await msmtp('with the renewed one', implicitTls());
    expect(await run('revoke', renewed.certificateId)).toMatchObject({ code: 0, out: 'The certificate is revoked.' });
    await expect(msmtp('with the revoked one', implicitTls())).rejects.toThrow(/535 5\.7\.8 no client certificate that holds for this account/);
    expect(await run('revoke', renewed.certificateId)).toMatchObject({ code: 1, err: 'There is no such certificate: it was revoked or ran out, or never was.' });
  });
});

test('a file that cannot be written is said so', async () => {
  expect(await run('add', join(world.directory, 'nowhere', 'file'))).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/nowhere\/file cannot be written\.$/) });
});
