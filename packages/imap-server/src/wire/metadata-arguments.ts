// GETMETADATA, SETMETADATA and their answer, RFC 5464 §5. The mailbox "" stands for the account.

import type { Annotation, AnnotationChange } from '@paloma/mail-store/port';
import type { CommandReader } from './command-reader.js';
import { formatMailboxName } from './mailbox-name.js';
import { formatAString } from './string.js';

export interface GetMetadataArguments {
  mailboxName: string;
  names: readonly string[];
  /** Octets of a value; larger ones are left out. */
  maxBytes: number | null;
  /** Levels below each name that are asked for too. */
  depth: number;
}

export interface SetMetadataArguments {
  mailboxName: string;
  changes: readonly AnnotationChange[];
}

/** Names in one command. */
const MAX_NAMES = 200;
const DEPTHS: ReadonlyMap<string, number> = new Map([['0', 0], ['1', 1], ['INFINITY', Number.POSITIVE_INFINITY]]);
// entry: "/private" or "/shared" and levels below; no `*`, `%`, empty level (RFC 5464 §3.2)
const NAME = /^\/(?:private|shared)(?:\/[^\x00-\x1f\x7f-\uffff*%/]+)*$/;
const ROOTS: ReadonlySet<string> = new Set(['/private', '/shared']);

// getmetadata = "GETMETADATA" [SP getmetadata-options] SP mailbox SP entries; the examples of RFC 5464 have the options behind the mailbox
export function readGetMetadata(reader: CommandReader): GetMetadataArguments {
  reader.space();
  const options = { maxBytes: null as number | null, depth: 0 };
  if (reader.startsWith('(')) readOptions(reader, options);
  const mailboxName = reader.mailbox();
  reader.space();
  if (reader.tryWord('(MAXSIZE ')) readOptionsFrom(reader, 'MAXSIZE', options);
  else if (reader.tryWord('(DEPTH ')) readOptionsFrom(reader, 'DEPTH', options);
  return { mailboxName, names: readMetadataNames(reader), ...options };
}

function readOptions(reader: CommandReader, options: { maxBytes: number | null; depth: number }): void {
  reader.char('(');
  const word = reader.word();
  reader.space();
  readOptionsFrom(reader, word, options);
}

/** From behind the first word to behind the space that follows the options. */
function readOptionsFrom(reader: CommandReader, first: string, options: { maxBytes: number | null; depth: number }): void {
  let word = first;
  for (;;) {
    if (word === 'MAXSIZE') options.maxBytes = reader.number();
    else if (word === 'DEPTH') options.depth = DEPTHS.get(reader.word()) ?? reader.fail('depth');
    else reader.fail('MAXSIZE or DEPTH');
    if (!reader.tryChar(' ')) break;
    word = reader.word();
    reader.space();
  }
  reader.char(')');
  reader.space();
}

/** entries = entry / "(" entry *(SP entry) ")" */
export function readMetadataNames(reader: CommandReader): string[] {
  return reader.startsWith('(') ? reader.list(() => readName(reader), { maxItems: MAX_NAMES }) : [readName(reader)];
}

/** Names are the same in any case (RFC 5464 §3.2). */
function readName(reader: CommandReader): string {
  const name = reader.astring().toLowerCase();
  return NAME.test(name) ? name : reader.fail('entry name');
}

// setmetadata = "SETMETADATA" SP mailbox SP "(" entry SP value *(SP entry SP value) ")";  value = nstring / literal8
export function readSetMetadata(reader: CommandReader): SetMetadataArguments {
  reader.space();
  const mailboxName = reader.mailbox();
  reader.space();
  const changes = reader.list(() => {
    const name = readName(reader);
    if (ROOTS.has(name)) reader.fail('entry name');
    reader.space();
    return { name, value: reader.nilOctets() };
  }, { maxItems: MAX_NAMES });
  return { mailboxName, changes };
}

/** The pieces of `METADATA INBOX (/shared/comment {4}…)`; null values are NIL. */
export function formatMetadata(mailboxName: string, values: readonly { name: string; value: Annotation['value'] | null }[], { isUtf8 }: { isUtf8: boolean }): (string | Uint8Array)[] {
  const pieces = values.flatMap(({ name, value }, index): (string | Uint8Array)[] => {
    const head = `${index > 0 ? ' ' : ''}${formatAString(name)} `;
    if (value === null) return [`${head}NIL`];
    return [`${head}${value.includes(0) ? '~' : ''}{${value.length}}\r\n`, value];
  });
  return [`METADATA ${formatMailboxName(mailboxName, { isUtf8 })} (`, ...pieces, ')'];
}

/** `METADATA INBOX /shared/comment /private/x`: what has changed, RFC 5464 §4.4.2. */
export function formatMetadataNews(mailboxName: string, names: readonly string[], { isUtf8 }: { isUtf8: boolean }): string {
  return `METADATA ${[formatMailboxName(mailboxName, { isUtf8 }), ...names.map(formatAString)].join(' ')}`;
}
