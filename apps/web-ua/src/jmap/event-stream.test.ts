import { expect, test } from '@jest/globals';
import { EventStreamParser } from './event-stream.js';

const STREAM = ': hello\r\nevent: state\r\nid: 7\r\ndata: {"a":1}\r\n\r\nevent: ping\ndata: {"interval":30}\n\ndata: one\ndata:two\n\n\n';
const EVENTS = [
  { event: 'state', data: '{"a":1}' }, { event: 'ping', data: '{"interval":30}' }, { event: 'message', data: 'one\ntwo' },
];

test('events are the same wherever the stream is cut', () => {
  for (let cut = 0; cut <= STREAM.length; cut++) {
    const parser = new EventStreamParser();
    expect([...parser.push(STREAM.slice(0, cut)), ...parser.push(STREAM.slice(cut))]).toEqual(EVENTS);
  }
});

test('an event without its empty line is not given out', () => {
  expect(new EventStreamParser().push('event: state\ndata: x\n')).toEqual([]);
});
