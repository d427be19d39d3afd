// What APPEND and REPLACE file: flags, date and octets. The octets come as they are (RFC 3501, as literal8 too: RFC 3516), as
// UTF-8 (RFC 6855 §4), or in pieces, some of which are in the account already (RFC 4469).

import type { CommandReader } from './command-reader.js';
import { parseMessageUrl, type MessageUrl } from './message-url.js';
import type { FlagSet } from './flag.js';
import { readFlagSet } from './flag-set.js';

/** A piece of a message. `url`: as it came; `target`: null when it names nothing that can be had here. */
export type CatenatePart = { kind: 'octets'; octets: Uint8Array } | { kind: 'url'; url: string; target: MessageUrl | null };

export interface AppendMessage {
  flags: FlagSet;
  receivedAtMs: number | null;
  parts: readonly CatenatePart[];
}

/** Pieces of one message. Each URL costs a look into a mailbox. */
const MAX_PARTS = 100;
const NO_FLAGS: FlagSet = { keywords: [], isDeleted: false };

// append-message = [SP flag-list] [SP date-time] SP append-data     RFC 3502 §3, RFC 4466 §5
export function readAppendMessage(reader: CommandReader): AppendMessage {
  reader.space();
  const flags = reader.startsWith('(') ? readFlagSet(reader) : null;
  if (flags) reader.space();
  const receivedAtMs = reader.startsWith('"') ? reader.dateTime() : null;
  if (receivedAtMs !== null) reader.space();
  return { flags: flags ?? NO_FLAGS, receivedAtMs, parts: readAppendData(reader) };
}

// append-data = literal / literal8 / "UTF8" SP "(" literal8 ")" / "CATENATE" SP "(" cat-part *(SP cat-part) ")"
function readAppendData(reader: CommandReader): CatenatePart[] {
  if (reader.tryWord('CATENATE ')) return reader.list(() => readCatenatePart(reader), { maxItems: MAX_PARTS });
  return [readOctets(reader)];
}

// cat-part = "URL" SP astring / "TEXT" SP literal / utf8-literal
function readCatenatePart(reader: CommandReader): CatenatePart {
  if (reader.tryWord('URL ')) {
    const url = reader.astring();
    return { kind: 'url', url, target: parseMessageUrl(url) };
  }
  if (reader.tryWord('TEXT ')) return { kind: 'octets', octets: reader.anyLiteral() };
  return readOctets(reader);
}

// departs from RFC 6855 §4: UTF-8 in a header is taken without ENABLE UTF8=ACCEPT, too. Programs that synchronize bring what came by mail;
// a message that is refused would stay behind, or be lost.
function readOctets(reader: CommandReader): CatenatePart {
  const isUtf8 = reader.tryWord('UTF8 (');
  const octets = reader.anyLiteral();
  if (isUtf8) reader.char(')');
  return { kind: 'octets', octets };
}
