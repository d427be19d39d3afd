import { expect, test } from '@jest/globals';
import { splitBlocks } from './plain-text.js';

test('text is cut into blocks by depth of quote, the signature apart', () => {
  expect(splitBlocks('Yes\n> one\n> > two\n>> two\n-- \nAna')).toEqual([
    { kind: 'text', quoteDepth: 0, text: 'Yes' }, { kind: 'text', quoteDepth: 1, text: 'one' }, { kind: 'text', quoteDepth: 2, text: 'two\ntwo' },
    { kind: 'signature', quoteDepth: 0, text: '-- \nAna' },
  ]);
});
