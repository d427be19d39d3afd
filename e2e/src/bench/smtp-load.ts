// Mail from outside as fast as it is taken: sockets that are open already, messages made beforehand.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { SmtpSender } from '../harness/smtp-sender.js';

/** It comes with Postfix: a sender in C that waits for each reply. */
const SMTP_SOURCE = '/usr/sbin/smtp-source';
export const canRunSmtpSource = existsSync(SMTP_SOURCE);
/** One has a single recipient. */
const SMTP_SOURCES = 5;

export interface Load {
  port: number;
  /** Each message is for one of them, in turn. */
  forwardPaths: readonly string[];
  sessions: number;
  messages: number;
  sizeBytes: number;
}

/** Sends all messages, one after another on each session; messages in a second. @throws what was refused */
export async function messagesPerSecond({ port, forwardPaths, sessions, messages, sizeBytes }: Load): Promise<number> {
  const senders = await Promise.all(Array.from({ length: sessions }, () => SmtpSender.connect(port)));
  const body = `${'The quick brown dove carries a letter over the hills. '.padEnd(70, 'x')}\r\n`.repeat(Math.ceil(sizeBytes / 72));
  let next = 0;
  const startMs = performance.now();
  await Promise.all(senders.map(async (sender) => {
    while (next < messages) {
      next += 1;
      const message = `Subject: ${next}\r\nMessage-ID: <${startMs}.${next}@example.org>\r\n\r\n${body}`;
      const reply = await sender.send('bench@example.org', forwardPaths[next % forwardPaths.length]!, message);
      if (!reply.startsWith('250')) throw new Error(`bench: the server said ${reply}`);
    }
  }));
  const seconds = (performance.now() - startMs) / 1000;
  for (const sender of senders) sender.close();
  return messages / seconds;
}

/** The same by Postfix's own load generator. @throws when it fails, which it does at the first refusal */
export async function smtpSourceMessagesPerSecond({ port, forwardPaths, sessions, messages, sizeBytes }: Load): Promise<number> {
  const startMs = performance.now();
  await Promise.all(forwardPaths.slice(0, SMTP_SOURCES).map(async (forwardPath) => {
    const share = (of: number): string => String(of / SMTP_SOURCES);
    const source = spawn(SMTP_SOURCE, ['-d', '-s', share(sessions), '-m', share(messages), '-l', String(sizeBytes), '-f', 'bench@example.org', '-t', forwardPath, `inet:127.0.0.1:${port}`], { stdio: 'ignore' });
    const [code] = await once(source, 'close') as [number];
    if (code !== 0) throw new Error('bench: smtp-source failed');
  }));
  return messages / ((performance.now() - startMs) / 1000);
}
