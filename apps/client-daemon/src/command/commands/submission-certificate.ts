// Certificates for an MTA, msmtp or any other program of the user's that hands in mail at the provider by itself. The key is made here
// and goes into the file alone; the daemon sees its public half.

import { generateKeyPairSync } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { accountPath, chooseAccount } from '../choose-account.js';
import { CommandError } from '../command-error.js';
import type { Command } from '../command.js';
import { minute, table } from '../table.js';

interface ListedCertificate {
  certificateId: string;
  replicaUid: string;
  createdAtMs: number;
  expiresAtMs: number;
}

interface NewCertificate {
  certificateId: string;
  certificate: string;
  expiresAtMs: number;
  submission: { host: string; port: number };
}

export const submissionCertificateAdd: Command = {
  name: 'submission-certificate add', usage: 'FILE [--account ADDRESS]', options: ['account'], words: { min: 1, max: 1 },
  summary: 'Write a key and a certificate by which a program of yours hands in mail at the provider, past this daemon and its encryption.',
  async run(context) {
    const [file] = context.words as [string];
    const { accountId, address } = await chooseAccount(context);
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const request = { publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64url') };
    const { certificate, ...answer } = await context.control.post<NewCertificate>(`/accounts/${accountId}/submission-certificates`, request);
    replaceFile(file, `${privateKey.export({ type: 'pkcs8', format: 'pem' })}${certificate}`);
    const { certificateId, expiresAtMs, submission: { host, port } } = answer;
    return {
      text: `${file} holds key and certificate ${certificateId}, good until ${minute(expiresAtMs)}.\nServer ${host}, port ${port} with TLS, SASL mechanism EXTERNAL, sender ${address}.`,
      json: { ...answer, address, file },
    };
  },
};

export const submissionCertificateList: Command = {
  name: 'submission-certificate list', usage: '[--account ADDRESS]', summary: 'List the certificates by which programs hand in mail for the account.', options: ['account'],
  async run(context) {
    const { certificates } = await context.control.get<{ certificates: ListedCertificate[] }>(`${await accountPath(context)}/submission-certificates`);
    const rows = certificates.map(({ certificateId, replicaUid, createdAtMs, expiresAtMs }) => [certificateId, replicaUid, minute(createdAtMs), minute(expiresAtMs)]);
    return { text: table(['ID', 'DEVICE', 'MADE', 'GOOD UNTIL'], rows, 'No program has a certificate.'), json: certificates };
  },
};

export const submissionCertificateRevoke: Command = {
  name: 'submission-certificate revoke', usage: 'ID [--account ADDRESS]', summary: 'Take a certificate back; its program is let in no more.', options: ['account'], words: { min: 1, max: 1 },
  async run(context) {
    await context.control.delete(`${await accountPath(context)}/submission-certificates/${encodeURIComponent(context.words[0]!)}`);
    return { text: 'The certificate is revoked.' };
  },
};

/** All of it or none: a program may read the file at any time. For its owner alone. */
function replaceFile(file: string, text: string): void {
  const unfinished = `${file}.${process.pid}`;
  try {
    writeFileSync(unfinished, text, { mode: 0o600, flag: 'wx', flush: true });
    renameSync(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw new CommandError('usage', `The file ${file} cannot be written.`, { cause: error });
  }
}
