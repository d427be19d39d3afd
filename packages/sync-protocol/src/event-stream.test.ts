import { expect, test } from '@jest/globals';
import { fc, property } from '@paloma/test-kit';
import { decodeEvents, EVENT_STREAM_COMMENT, formatEvent } from './event-stream.js';
import type { SyncEvent } from './messages/events.js';

const anyEvent = fc.oneof(
  fc.record({ event: fc.constant('incoming' as const), data: fc.record({ pending: fc.nat() }) }),
  fc.record({ event: fc.constant('vault' as const), data: fc.record({ version: fc.stringMatching(/^[a-z0-9]{0,20}$/) }) }),
) as fc.Arbitrary<SyncEvent>;

property('events come out as they went in, between comments and in any chunks', fc.tuple(fc.array(anyEvent), fc.integer({ min: 1, max: 40 })), async ([events, size]) => {
  const octets = new TextEncoder().encode(EVENT_STREAM_COMMENT + events.map(formatEvent).join(EVENT_STREAM_COMMENT));
  async function* source(): AsyncGenerator<Uint8Array> {
    for (let position = 0; position < octets.length; position += size) yield octets.subarray(position, position + size);
  }
  expect(await Array.fromAsync(decodeEvents(source()))).toEqual(events);
});

test('fields and events that this program does not know are passed over, and so is one that is not ended', async () => {
  async function* source(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode('id: 1\nevent: incoming\nretry: 5\ndata: {"pending":1}\n\nevent: weather\ndata: {}\n\nevent: incoming\ndata: {"pending":2}\n');
  }
  expect(await Array.fromAsync(decodeEvents(source()))).toEqual([{ event: 'incoming', data: { pending: 1 } }]);
});
