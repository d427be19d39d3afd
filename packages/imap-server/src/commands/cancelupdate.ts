import { selectedCommand } from '../command.js';
import { bad, ok } from '../completion.js';
import { MAX_CONTEXTS } from '../search/search-context.js';
import type { CommandReader } from '../wire/command-reader.js';

/** RFC 5267 §4.4: changes of these searches are told no longer. */
export const cancelUpdate = selectedCommand({
  name: 'CANCELUPDATE',
  parse(reader: CommandReader) {
    reader.space();
    return reader.items(() => reader.string(), MAX_CONTEXTS);
  },
  run({ mailbox }, tags) {
    if (!tags.every((tag) => mailbox.contexts.has(tag))) return bad('no search of this tag stays');
    for (const tag of tags) mailbox.contexts.delete(tag);
    return ok('CANCELUPDATE completed');
  },
});
