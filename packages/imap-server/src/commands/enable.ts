import { authenticatedCommand } from '../command.js';
import { ok } from '../completion.js';
import type { Extension } from '../session/session.js';
import type { CommandReader } from '../wire/command-reader.js';

const EXTENSIONS: readonly Extension[] = ['CONDSTORE', 'QRESYNC', 'UTF8=ACCEPT', 'IMAP4rev2', 'UIDONLY', 'METADATA'];

/** RFC 5161. QRESYNC enables CONDSTORE too (RFC 7162 §3.2.3). Names not known here are passed over. */
export const enable = authenticatedCommand({
  name: 'ENABLE',
  parse(reader: CommandReader) {
    reader.space();
    return reader.items(() => reader.word(), 20);
  },
  async run({ session }, names) {
    const enabled = EXTENSIONS.filter((extension) => names.includes(extension.toUpperCase()) && !session.enabled.has(extension));
    for (const extension of enabled) session.enabled.add(extension);
    if (session.enabled.has('QRESYNC')) session.enabled.add('CONDSTORE');
    await session.writer.untagged(['ENABLED', ...enabled].join(' '));
    return ok('ENABLE completed');
  },
});
