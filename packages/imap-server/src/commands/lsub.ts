import type { Mailbox } from '@paloma/mail-store/port';
import { authenticatedCommand } from '../command.js';
import { ok } from '../completion.js';
import { matchesListPattern } from '../wire/list-pattern.js';
import { DELIMITER, formatMailboxName } from '../wire/mailbox-name.js';
import type { CommandReader } from '../wire/command-reader.js';

/** RFC 3501 §6.3.9: the subscribed mailboxes, for programs that do not know LIST (SUBSCRIBED). */
export const lsub = authenticatedCommand({
  name: 'LSUB',
  parse(reader: CommandReader) {
    reader.space();
    const reference = reader.mailbox();
    reader.space();
    return reference + reader.listMailbox();
  },
  async run({ session, store }, pattern) {
    for (const [name, isSubscribed] of subscribedNames(await store.listMailboxes(), pattern)) {
      const attributes = isSubscribed ? '()' : '(\\Noselect)';
      await session.writer.untagged(`LSUB ${attributes} "${DELIMITER}" ${formatMailboxName(name, session)}`);
    }
    return ok('LSUB completed');
  },
});

/** With `%`, a level above a subscribed mailbox that the pattern cannot reach is shown in its place, as `\Noselect`. */
function subscribedNames(mailboxes: readonly Mailbox[], pattern: string): Map<string, boolean> {
  const shown = new Map<string, boolean>();
  for (const { name } of mailboxes.filter((mailbox) => mailbox.isSubscribed)) {
    if (matchesListPattern(name, pattern)) shown.set(name, true);
    else if (pattern.endsWith('%')) {
      for (const level of levelsAbove(name)) if (matchesListPattern(level, pattern) && !shown.has(level)) shown.set(level, false);
    }
  }
  return shown;
}

function levelsAbove(name: string): string[] {
  const levels = name.split(DELIMITER);
  return levels.slice(1).map((_, index) => levels.slice(0, index + 1).join(DELIMITER));
}
