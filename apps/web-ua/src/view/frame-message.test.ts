import { expect, test } from '@jest/globals';
import { MAX_FRAME_HEIGHT_PX, parseFrameMessage } from './frame-message.js';

test.each([
  [{ kind: 'ready' }, { kind: 'ready' }],
  [{ kind: 'height', heightPx: 1e9 }, { kind: 'height', heightPx: MAX_FRAME_HEIGHT_PX }],
  [{ kind: 'link', url: 'https://a.org', text: 'x'.repeat(9999), more: 1 }, { kind: 'link', url: 'https://a.org', text: 'x'.repeat(500) }],
  [{ kind: 'blocked', count: 2.5 }, { kind: 'blocked', count: 2 }],
  [{ kind: 'key', key: 'j' }, { kind: 'key', key: 'j' }],
])('%p is taken, within its bounds', (data, expected) => expect(parseFrameMessage(data)).toEqual(expected));

test.each([
  null, 'ready', 7, [], {}, { kind: 'show' }, { kind: 'toString' }, { kind: '__proto__' }, { kind: 'height' }, { kind: 'height', heightPx: '9' }, { kind: 'height', heightPx: Number.NaN },
  { kind: 'height', heightPx: -1 }, { kind: 'link', url: 'https://a.org' }, { kind: 'link', url: `https://${'a'.repeat(9000)}`, text: '' }, { kind: 'blocked', count: Infinity },
  { kind: 'key', key: 'Enter' }, { kind: 'key', key: '' },
])('%p is not', (data) => expect(parseFrameMessage(data)).toBeNull());
