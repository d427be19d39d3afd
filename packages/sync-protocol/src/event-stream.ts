// Server-sent events as this protocol uses them (HTML Living Standard §9.2): `event` and `data` fields, one line of JSON each,
// comments to keep the connection. Events of a name this program does not know are passed over.

import { parseAs } from './cbor.js';
import { EVENT_DATA, type SyncEvent, type SyncEventName } from './messages/events.js';
import { ProtocolError } from './protocol-error.js';

/** Longest line; ours are a few hundred octets. */
const MAX_LINE_CHARS = 16 * 1024;

/** The others are passed over; kept, they could pile up without end. */
const FIELDS: readonly string[] = ['event', 'data'];

/** Comment that keeps the connection and is no event. */
export const EVENT_STREAM_COMMENT = ':\n\n';

export function formatEvent({ event, data }: SyncEvent): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/**
 * The events of a `text/event-stream` body, each as it arrives; ends when the body ends.
 * @throws {ProtocolError} "malformed", "tooLarge"
 */
export async function* decodeEvents(source: AsyncIterable<Uint8Array>): AsyncGenerator<SyncEvent, void, undefined> {
  let fields = new Map<string, string>();
  for await (const line of linesOf(source)) {
    if (line !== '') {
      const colon = line.indexOf(':');
      const name = line.slice(0, Math.max(colon, 0));
      if (FIELDS.includes(name)) fields.set(name, line.slice(colon + 1).trimStart());
      continue;
    }
    const event = parseEvent(fields);
    if (event) yield event;
    fields = new Map();
  }
}

async function* linesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of source) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n/);
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > MAX_LINE_CHARS) throw new ProtocolError('tooLarge', `event line over limit ${MAX_LINE_CHARS}`);
  }
}

function parseEvent(fields: ReadonlyMap<string, string>): SyncEvent | null {
  const event = fields.get('event');
  const data = fields.get('data');
  if (event === undefined || data === undefined || !isEventName(event)) return null;
  return { event, data: parseAs(EVENT_DATA[event], parseJson(data)) } as SyncEvent;
}

function isEventName(name: string): name is SyncEventName {
  return Object.hasOwn(EVENT_DATA, name);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ProtocolError('malformed', 'event data is not JSON', { cause });
  }
}
