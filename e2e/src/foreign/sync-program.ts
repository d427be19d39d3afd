// Programs that keep an IMAP account and maildirs the same, both ways.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { UserDevice } from '../harness/world.js';
import { runProgram } from './installed-program.js';
import { Maildir } from './maildir.js';

export interface SyncProgram {
  /** Brings both sides together. */
  sync(): Promise<void>;
  folder(name: string): Maildir;
}

export type NewSyncProgram = (user: UserDevice, home: string) => SyncProgram;

/** mbsync of isync. */
export const mbsync: NewSyncProgram = (user, home) => {
  mkdirSync(join(home, 'mail'), { recursive: true });
  writeFileSync(join(home, '.mbsyncrc'), `IMAPStore far
Host 127.0.0.1
Port ${user.device.ports.imap}
User ${user.address}
Pass ${user.mailAppPassword}
SSLType None
AuthMechs PLAIN

MaildirStore near
Path ${home}/mail/
Inbox ${home}/mail/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns *
Create Both
Expunge Both
SyncState *
`, { mode: 0o600 });
  return {
    sync: async () => void await runProgram('mbsync', ['-a'], { home }),
    folder: (name) => new Maildir(join(home, 'mail', name)),
  };
};

export const offlineimap: NewSyncProgram = (user, home) => {
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, '.offlineimaprc'), `[general]
accounts = all
metadata = ${home}/state

[Account all]
localrepository = near
remoterepository = far

[Repository near]
type = Maildir
localfolders = ${home}/mail
sep = /

[Repository far]
type = IMAP
remotehost = 127.0.0.1
remoteport = ${user.device.ports.imap}
remoteuser = ${user.address}
remotepass = ${user.mailAppPassword}
auth_mechanisms = PLAIN
ssl = no
starttls = no
`, { mode: 0o600 });
  return {
    sync: async () => void await runProgram('offlineimap', ['-o', '-u', 'quiet'], { home }),
    folder: (name) => new Maildir(join(home, 'mail', name)),
  };
};
