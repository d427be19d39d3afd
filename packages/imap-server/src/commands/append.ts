import { fileMessages } from '../append/file-messages.js';
import { authenticatedCommand } from '../command.js';
import { ok } from '../completion.js';
import { readAppendMessage, type AppendMessage } from '../wire/append-message.js';
import type { CommandReader } from '../wire/command-reader.js';

/** RFC 3501 §6.3.11, several messages at once (RFC 3502), with their UIDs in the answer (RFC 4315 §3). */
export const append = authenticatedCommand({
  name: 'APPEND',
  parse(reader: CommandReader) {
    reader.space();
    const mailboxName = reader.mailbox();
    const messages: AppendMessage[] = [];
    do messages.push(readAppendMessage(reader)); while (reader.startsWith(' '));
    return { mailboxName, messages };
  },
  async run(context, { mailboxName, messages }) {
    const filed = await fileMessages(context, mailboxName, messages);
    return filed.ok ? ok('APPEND completed', filed.code) : filed.completion;
  },
});
