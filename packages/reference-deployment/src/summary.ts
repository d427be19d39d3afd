// What `npm start` prints when everything serves: where to look, and three things to try.

import { relative } from 'node:path';
import type { Provider } from './provider.js';
import type { ReadyMadeUser } from './ready-made-user.js';

export function formatSummary(provider: Provider, users: readonly ReadyMadeUser[]): string {
  const [alice] = users as [ReadyMadeUser];
  return [
    '',
    ...users.flatMap((user) => [...userLines(user), '']),
    `  Mail from outside comes in at   127.0.0.1:${provider.ports.mx}  (MX of ${provider.domain})`,
    '',
    'Three things to try, each one command:',
    '',
    '  1. A stranger writes to alice:',
    `     ${sendIn(provider, alice)}`,
    '  2. Read it with an ordinary mail program\'s protocol (IMAP):',
    `     curl -s 'imap://127.0.0.1:${alice.device.ports.imap}/INBOX' -u '${alice.address}:${alice.mailAppPassword}' -X 'FETCH 1:* (FLAGS ENVELOPE)'`,
    '  3. Alice answers bob, signed and encrypted (watch it arrive in bob\'s web mail):',
    `     ${sendOut(provider, alice)}`,
    '',
    'Ctrl-C stops everything. `npm start` finds the same mail again; `npm run reset` forgets it.',
    '',
  ].join('\n');
}

function userLines({ name, address, device, mailAppPassword, webUrl }: ReadyMadeUser): string[] {
  return [
    `  ${name}`,
    `    Web mail   ${webUrl}`,
    `    IMAP       127.0.0.1:${device.ports.imap}   user ${address}   password ${mailAppPassword}`,
    `    SMTP       127.0.0.1:${device.ports.smtp}   the same user and password`,
    `    Command    npm run -s paloma -- --state ${quoted(relative(process.cwd(), device.directory))} status   (or --help)`,
  ];
}

/** For a shell, where it needs it. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path}'`;
}

function sendIn(provider: Provider, { address }: ReadyMadeUser): string {
  const message = `From: Stella <stella@example.org>\\r\\nTo: ${address}\\r\\nSubject: Greetings from outside\\r\\nMessage-ID: <'$(date +%s%N)'@example.org>\\r\\n\\r\\nHello Alice!\\r\\n`;
  return `printf '${message}' | curl -s smtp://127.0.0.1:${provider.ports.mx} --mail-from stella@example.org --mail-rcpt ${address} -T -`;
}

function sendOut(provider: Provider, { address, mailAppPassword, device }: ReadyMadeUser): string {
  const bob = `bob@${provider.domain}`;
  const message = `From: ${address}\\r\\nTo: ${bob}\\r\\nSubject: For your eyes only\\r\\nMessage-ID: <'$(date +%s%N)'@${provider.domain}>\\r\\n\\r\\nHello Bob!\\r\\n`;
  return `printf '${message}' | curl -s smtp://127.0.0.1:${device.ports.smtp} -u '${address}:${mailAppPassword}' --mail-from ${address} --mail-rcpt ${bob} -T -`;
}
