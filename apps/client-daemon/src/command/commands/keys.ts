import { readFileSync } from 'node:fs';
import { accountPath } from '../choose-account.js';
import { CommandError } from '../command-error.js';
import type { Command } from '../command.js';
import { table } from '../table.js';

interface Keys {
  own: { fingerprint: string; address: string; state: string; createdAtMs: number }[];
  correspondents: { address: string; fingerprint: string; level: string; source: string; refusedFingerprint: string | null }[];
}

/** Larger files are no certificate. */
const MAX_FILE_BYTES = 256 * 1024;

const OUTCOMES = {
  accepted: 'The certificate is in use from now on.', merged: 'The certificate was known; what is new of it is taken over.',
  refused: 'Another key is known for this address: decide about it in the web mail program.', ignored: 'Nothing new: what is known is as good or better.',
};

export const keysList: Command = {
  name: 'keys list', usage: '[--account ADDRESS]', summary: 'List own keys and those of correspondents.', options: ['account'],
  async run(context) {
    const keys = await context.control.get<Keys>(`${await accountPath(context)}/keys`);
    const own = keys.own.map(({ address, fingerprint, state }) => [address, fingerprint, `own, ${state}`, '']);
    const others = keys.correspondents.map(({ address, fingerprint, level, source, refusedFingerprint }) => [address, fingerprint, `${level}, ${source}`, refusedFingerprint ? 'another key waits for a decision' : '']);
    return { text: table(['ADDRESS', 'FINGERPRINT', 'TRUST', ''], [...own, ...others], 'No key.'), json: keys };
  },
};

export const keysExport: Command = {
  name: 'keys export', usage: '[--secret] [--account ADDRESS]', summary: 'Write the own certificate; with --secret the secret key, locked by a passphrase that is asked for.', options: ['account', 'secret'],
  async run(context) {
    const path = await accountPath(context);
    if (!context.options.secret) {
      const answer = await context.control.get<{ certificate: string }>(`${path}/own-certificate`);
      return { text: answer.certificate.trimEnd(), json: answer };
    }
    const passphrase = (await context.secret('Passphrase of the account')).reveal();
    const exportPassphrase = (await context.secret('Passphrase for the exported key', 'new')).reveal();
    const answer = await context.control.post<{ secretKey: string }>(`${path}/export-secret-key`, { passphrase, exportPassphrase });
    return { text: answer.secretKey.trimEnd(), json: answer };
  },
};

export const keysImport: Command = {
  name: 'keys import', usage: 'ADDRESS FILE [--account ADDRESS]', summary: 'Take a correspondent\'s certificate from a file.', options: ['account'], words: { min: 2, max: 2 },
  async run(context) {
    const [address, file] = context.words as [string, string];
    const path = await accountPath(context);
    const answer = await context.control.post<{ outcome: keyof typeof OUTCOMES; fingerprint: string }>(`${path}/import-certificate`, { address, certificate: read(file) });
    return { text: `${answer.fingerprint}\n${OUTCOMES[answer.outcome]}`, json: answer };
  },
};

function read(file: string): string {
  try {
    const octets = readFileSync(file);
    if (octets.length <= MAX_FILE_BYTES) return octets.toString('latin1');
  } catch (error) {
    throw new CommandError('usage', `The file ${file} cannot be read.`, { cause: error });
  }
  throw new CommandError('usage', `The file ${file} is too large for a certificate.`);
}
