import { anyStateCommand } from '../command.js';
import { ok } from '../completion.js';
import type { CommandReader } from '../wire/command-reader.js';
import { formatString } from '../wire/string.js';

/** RFC 2971 §3.3: at most 30 pairs. */
const MAX_ID_FIELDS = 60;

/** RFC 2971. What the client says of itself is not kept: it is of no use here and could be used to track. */
export const id = anyStateCommand({
  name: 'ID',
  parse: readIdParameters,
  async run(session) {
    await session.writer.untagged(`ID (${['name', 'Paloma'].map(formatString).join(' ')})`);
    return ok('ID completed');
  },
});

// id-params-list = "(" *(string SP nstring) ")" / nil
function readIdParameters(reader: CommandReader): void {
  reader.space();
  if (reader.startsWith('(')) reader.list(() => reader.nstring(), { maxItems: MAX_ID_FIELDS, mayBeEmpty: true });
  else if (reader.nstring() !== null) reader.fail('list or NIL');
}
