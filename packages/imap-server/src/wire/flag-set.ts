import type { CommandReader } from './command-reader.js';
import { parseFlag, type FlagSet } from './flag.js';

/** A flag list as the store takes it. A system flag that is not known here, and `\Recent`, nobody can set. */
export function readFlagSet(reader: CommandReader): FlagSet {
  return flagSetOf(reader.flagList(), reader);
}

/** The same; STORE may leave the parentheses out (RFC 3501 §9 store-att-flags). */
export function readBareFlagSet(reader: CommandReader): FlagSet {
  return reader.startsWith('(') ? readFlagSet(reader) : flagSetOf(reader.items(() => reader.flag(), 128), reader);
}

function flagSetOf(flags: readonly string[], reader: CommandReader): FlagSet {
  const parsed = flags.map((flag) => parseFlag(flag) ?? reader.fail('known flag'));
  return {
    keywords: [...new Set(parsed.flatMap((flag) => (flag === 'deleted' ? [] : [flag.keyword])))],
    isDeleted: parsed.includes('deleted'),
  };
}
