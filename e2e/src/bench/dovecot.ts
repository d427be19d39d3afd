// A Dovecot of our own, where Debian's dovecot-imapd is installed: a peer on a free port, with everything in one directory.

import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { peakMemoryBytes } from '../harness/process-memory.js';
import { ImapConnection } from './imap-connection.js';
import { messageOf, sentAtMs } from './imap-mailbox.js';

const DOVECOT = '/usr/sbin/dovecot';
const LOGIN = { user: 'bench', password: 'bench' };
const READY_MS = 10_000;

export class Dovecot {
  private constructor(private readonly directory: string, private readonly process: ChildProcess, readonly port: number) {}

  static isInstalled(): boolean {
    return spawnSync(DOVECOT, ['--version'], { stdio: 'ignore' }).status === 0;
  }

  /** Messages are put into its maildir before it starts; it meets them at the first SELECT. */
  static async start(messages: number): Promise<Dovecot> {
    const directory = mkdtempSync(join(tmpdir(), 'paloma-dovecot-'));
    chmodSync(directory, 0o755);   // the owner of the mail is not always who starts it
    const owner = await mailOwner();
    const maildir = join(directory, 'maildir');
    for (const room of ['maildir', 'maildir/cur', 'maildir/new', 'maildir/tmp']) mkdirSync(join(directory, room), { recursive: true, mode: 0o755 });
    fill(join(maildir, 'cur'), messages);
    for (const room of ['', 'cur', 'new', 'tmp']) chownSync(join(maildir, room), owner.uid, owner.gid);
    const port = await freePort();
    const configuration = join(directory, 'dovecot.conf');
    writeFileSync(configuration, configurationOf(directory, port, owner));
    const dovecot = new Dovecot(directory, spawn(DOVECOT, ['-F', '-c', configuration], { stdio: 'ignore' }), port);
    await dovecot.#serves();
    return dovecot;
  }

  open(): Promise<ImapConnection> {
    return ImapConnection.open(this.port, LOGIN);
  }

  /** Of its largest process: that of the session. */
  peakMemoryBytes(): number {
    const statuses = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(statusOf);
    return Math.max(...statuses.filter(({ parent }) => parent === this.process.pid).map(({ peakBytes }) => peakBytes));
  }

  async stop(): Promise<void> {
    this.process.kill();
    await once(this.process, 'exit');
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }

  async #serves(): Promise<void> {
    for (const deadlineMs = performance.now() + READY_MS; ;) {
      const connection = await this.open().catch(() => null);
      if (connection) return connection.close();
      if (performance.now() > deadlineMs) throw new Error('bench: Dovecot does not serve');
      await delay(100);
    }
  }
}

interface Owner {
  name: string;
  uid: number;
  gid: number;
}

/** Dovecot lets nobody log in as root. */
async function mailOwner(): Promise<Owner> {
  const { username, uid, gid } = userInfo();
  if (uid !== 0) return { name: username, uid, gid };
  const [nobody, group] = await Promise.all(['-u', '-g'].map(async (which) => Number((await promisify(execFile)('id', [which, 'nobody'])).stdout)));
  return { name: 'nobody', uid: nobody!, gid: group! };
}

function configurationOf(directory: string, port: number, { name, uid, gid }: Owner): string {
  const services = userInfo().uid === 0 ? '' : `default_internal_user = ${name}\ndefault_login_user = ${name}\n`;
  return `${services}base_dir = ${directory}/run
state_dir = ${directory}/state
log_path = ${directory}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:${directory}/maildir
mail_max_userip_connections = 100
passdb {
  driver = static
  args = password=${LOGIN.password}
}
userdb {
  driver = static
  args = uid=${uid} gid=${gid} home=${directory}
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
  chroot =
}
`;
}

/** As a delivery leaves them: the size in the name, the time of arrival on the file. */
function fill(directory: string, messages: number): void {
  for (let index = 0; index < messages; index += 1) {
    const octets = messageOf(index, messages);
    const path = join(directory, `${Math.floor(sentAtMs(index) / 1000)}.M${String(index).padStart(8, '0')}.bench,S=${octets.length},W=${octets.length}:2,`);
    writeFileSync(path, octets, { mode: 0o666 });
    utimesSync(path, sentAtMs(index) / 1000, sentAtMs(index) / 1000);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A process that is gone meanwhile has no parent. */
function statusOf(pid: string): { parent: number; peakBytes: number } {
  try {
    const parent = Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
    return { parent, peakBytes: peakMemoryBytes(Number(pid)) };
  } catch {
    return { parent: 0, peakBytes: 0 };
  }
}
