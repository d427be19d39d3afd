// What a mail program on this machine has to be told, written for each program. Never the password: the texts name a command or a file that gives it.

import type { MailProgramServer, MailProgramServers } from '../jmap/types.js';

export interface Setup {
  /** Name of the program. */
  program: string;
  /** File the text belongs into. */
  file: string;
  text: string;
}

/** Fetches the password where the text needs one; each program has its own entry in the user's password store. */
const PASSWORD_COMMAND = 'pass show mail/paloma';

export function mailProgramSetups(address: string, servers: MailProgramServers): Setup[] {
  return [
    { program: 'mutt', file: '~/.muttrc', text: mutt(address, servers) },
    { program: 'mbsync', file: '~/.mbsyncrc', text: mbsync(address, servers.imap) },
    { program: 'OfflineIMAP', file: '~/.offlineimaprc', text: offlineImap(address, servers.imap) },
  ];
}

/** Where the daemon gives a configuration profile for Apple's mail programs. */
export function appleProfileUrl(address: string): string {
  return `/autoconfig/paloma.mobileconfig?address=${encodeURIComponent(address)}`;
}

function mutt(address: string, { imap, smtp }: MailProgramServers): string {
  const url = ({ host, port, isTls }: MailProgramServer, protocol: 'imap' | 'smtp'): string => `${protocol}${isTls ? 's' : ''}://${encodeURIComponent(address)}@${hostInUrl(host)}:${port}/`;
  return [
    `set from = "${address}"`,
    `set imap_pass = "\`${PASSWORD_COMMAND}\`"`,
    'set smtp_pass = $imap_pass',
    `set folder = "${url(imap, 'imap')}"`,
    `set smtp_url = "${url(smtp, 'smtp')}"`,
    'set spoolfile = "+INBOX"',
    'set postponed = "+Drafts"',
    '# Paloma files what it sends by itself.',
    'set copy = no',
    ...(imap.isTls && smtp.isTls ? [] : ['# Nothing leaves this computer on the way to Paloma.', 'set ssl_starttls = no', 'set ssl_force_tls = no']),
  ].join('\n');
}

function mbsync(address: string, { host, port, isTls }: MailProgramServer): string {
  return [
    'IMAPAccount paloma', `Host ${host}`, `Port ${port}`, `User ${address}`, `PassCmd "${PASSWORD_COMMAND}"`, `TLSType ${isTls ? 'IMAPS' : 'None'}`, 'AuthMechs PLAIN', '',
    'IMAPStore paloma-remote', 'Account paloma', '',
    'MaildirStore paloma-local', 'Path ~/Mail/paloma/', 'Inbox ~/Mail/paloma/INBOX', 'SubFolders Verbatim', '',
    'Channel paloma', 'Far :paloma-remote:', 'Near :paloma-local:', 'Patterns *', 'Create Both', 'Expunge Both', 'SyncState *',
  ].join('\n');
}

function offlineImap(address: string, { host, port, isTls }: MailProgramServer): string {
  return [
    '[general]', 'accounts = paloma', '',
    '[Account paloma]', 'localrepository = paloma-local', 'remoterepository = paloma-remote', '',
    '[Repository paloma-local]', 'type = Maildir', 'localfolders = ~/Mail/paloma', '',
    '[Repository paloma-remote]', 'type = IMAP', `remotehost = ${host}`, `remoteport = ${port}`, `remoteuser = ${address}`, 'remotepassfile = ~/.config/paloma-mail-password',
    `ssl = ${isTls ? 'yes' : 'no'}`, 'starttls = no', 'auth_mechanisms = PLAIN',
  ].join('\n');
}

function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
