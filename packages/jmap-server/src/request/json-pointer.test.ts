import { describe, expect, test } from '@jest/globals';
import { evaluatePointer } from './json-pointer.js';

const document = {
  list: [{ id: 'a', tags: ['x', 'y'] }, { id: 'b', tags: [] }, { id: 'c', tags: ['z'] }],
  'a/b': 1, 'm~n': 2, '': 3, nothing: null, nested: [[1], [2, [3]]],
};

describe('a pointer leads to', () => {
  test.each([
    ['the whole document', '', document],
    ['a member', '/list/0/id', 'a'],
    ['a member with / in its name', '/a~1b', 1],
    ['a member with ~ in its name', '/m~0n', 2],
    ['a member with an empty name', '/', 3],
    ['null', '/nothing', null],
    ['a member of every item', '/list/*/id', ['a', 'b', 'c']],
    ['arrays of every item, flattened once', '/list/*/tags', ['x', 'y', 'z']],
    ['items of items', '/nested/*/*', [1, 2, 3]],
    ['all items, flattened once', '/nested/*', [1, 2, [3]]],
  ])('%s', (_, pointer, value) => {
    expect(evaluatePointer(document, pointer)).toEqual({ found: true, value });
  });
});

describe('a pointer leads nowhere', () => {
  test.each([
    ['without its slash', 'list'],
    ['past the end', '/list/3'],
    ['with leading zeros', '/list/00'],
    ['to a negative index', '/list/-1'],
    ['to what is inherited', '/constructor'],
    ['to the length of an array', '/list/length'],
    ['with * in an object', '/*'],
    ['when one item lacks the member', '/list/*/name'],
    ['through null', '/nothing/x'],
  ])('%s', (_, pointer) => {
    expect(evaluatePointer(document, pointer)).toEqual({ found: false });
  });
});
