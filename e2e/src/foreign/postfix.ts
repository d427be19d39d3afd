// A Postfix of its own, beside whatever Postfix the machine runs: configuration, queue and log in a directory that ends with it. Its master
// changes users, so it needs root; without, there is none.

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isInstalled, runProgram } from './installed-program.js';

const POSTFIX = '/usr/sbin/postfix';
/** Services that hand mail on, none of them in a chroot (master(5)). */
const SERVICES: readonly (readonly [name: string, command: string])[] = [
  ['rewrite', 'trivial-rewrite'], ['bounce', 'bounce'], ['defer', 'bounce'], ['trace', 'bounce'], ['verify', 'verify'],
  ['smtp', 'smtp'], ['relay', 'smtp'], ['lmtp', 'lmtp'], ['error', 'error'], ['retry', 'error'], ['discard', 'discard'], ['anvil', 'anvil'], ['proxymap', 'proxymap'], ['scache', 'scache'],
];

/** `postmap`, `smtp-source` and `smtp-sink` come with it. */
export const canRunPostfix = process.getuid?.() === 0 && isInstalled('/usr/sbin/postconf', '-d');

export class Postfix {
  private constructor(readonly directory: string) {}

  /** `settings`: of main.cf, besides those that every instance has. */
  static async start(port: number, settings: Readonly<Record<string, string>>): Promise<Postfix> {
    const postfix = new Postfix(mkdtempSync(join(tmpdir(), 'paloma-postfix-')));
    chmodSync(postfix.directory, 0o755);   // its processes run as the user postfix
    postfix.#configure(port, settings);
    await postfix.#command('start');
    return postfix;
  }

  /** One question to a table, as Postfix asks it; null: there is no such key. @throws when the table has no answer now */
  async lookUp(table: string, key: string): Promise<string | null> {
    try {
      return (await runProgram('/usr/sbin/postmap', ['-c', this.directory, '-q', key, table], { home: this.directory })).trimEnd();
    } catch (error) {
      if ((error as { code?: unknown; stderr?: string }).code === 1 && (error as { stderr?: string }).stderr === '') return null;
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.#command('stop');
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }

  #configure(port: number, settings: Readonly<Record<string, string>>): void {
    const main = {
      compatibility_level: '3.6', queue_directory: join(this.directory, 'queue'), data_directory: join(this.directory, 'data'), maillog_file: join(this.directory, 'log'), maillog_file_prefixes: this.directory,
      inet_protocols: 'ipv4', inet_interfaces: '127.0.0.1', mynetworks: '127.0.0.0/8', mydestination: '', alias_maps: '', myhostname: 'front.example.net', smtp_host_lookup: 'native',
      smtpd_recipient_restrictions: 'reject_unauth_destination', minimal_backoff_time: '1s', queue_run_delay: '1s', default_database_type: 'texthash', ...settings,
    };
    mkdirSync(main.queue_directory);
    writeFileSync(join(this.directory, 'main.cf'), Object.entries(main).map(([key, value]) => `${key} = ${value}\n`).join(''));
    const unix = SERVICES.map(([name, command]) => `${name} unix - - n - - ${command}\n`).join('');
    writeFileSync(join(this.directory, 'master.cf'), `127.0.0.1:${port} inet n - n - - smtpd\ncleanup unix n - n - 0 cleanup\nqmgr unix n - n 300 1 qmgr\npickup unix n - n 60 1 pickup\nflush unix n - n 1000? 0 flush\nshowq unix n - n - - showq\npostlog unix-dgram n - n - 1 postlogd\n${unix}`);
  }

  async #command(command: string): Promise<void> {
    await runProgram(POSTFIX, ['-c', this.directory, command], { home: this.directory });
  }
}
