// mutt on an account: its mailboxes over IMAP, its mail out over SMTP.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { UserDevice } from '../harness/world.js';
import { Terminal } from './terminal.js';

/** `written`: what the user puts on top of each mail, in place of an editor. */
export function startMutt({ address, mailAppPassword, device: { ports } }: UserDevice, home: string, written: string): Terminal {
  mkdirSync(home, { recursive: true });
  const editor = join(home, 'editor');
  writeFileSync(editor, `#!/bin/sh\nprintf '%s\\n\\n' ${JSON.stringify(written)} | cat - "$1" > "$1.new" && mv "$1.new" "$1"\n`, { mode: 0o700 });
  const settings = join(home, 'muttrc');
  const login = `${encodeURIComponent(address)}:${encodeURIComponent(mailAppPassword)}@127.0.0.1`;
  writeFileSync(settings, `set folder = "imap://${login}:${ports.imap}/"
set spoolfile = "+INBOX"
set record = "+Sent"
set postponed = "+Drafts"
set imap_authenticators = "plain"
set smtp_url = "smtp://${login}:${ports.smtp}/"
set smtp_authenticators = "plain"
set ssl_starttls = no
set ssl_force_tls = no
set from = "${address}"
set realname = "Alice"
set use_envelope_from = yes
set editor = "${editor}"
set send_charset = "us-ascii:utf-8"
set sort = date
set abort_unmodified = no
set edit_headers = no
set autoedit = no
set fast_reply = yes
set include = yes
set delete = yes
set mail_check = 1
set timeout = 1
set index_format = "%3C %Z %-15.15L %s"
set crypt_use_gpgme = no
`, { mode: 0o600 });
  return new Terminal(home, ['mutt', '-n', '-F', settings]);
}
