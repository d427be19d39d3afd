import { describe, expect, test } from '@jest/globals';
import { at, jmapFixture } from '../test/jmap-fixture.js';

const MESSAGE = 'From: bob@example.net\nMessage-ID: <1@x>\nSubject: lunch\n\nAt noon?\n';
const REPLY = 'From: carol@example.net\nMessage-ID: <2@x>\nIn-Reply-To: <1@x>\nReferences: <1@x>\nSubject: Re: lunch\n\nYes.\n';

test('a screen is fetched in one request: query, threads, emails', async () => {
  const { call, file } = await jmapFixture();
  const ids = [await file(MESSAGE, { receivedAtMs: 1000 }), await file(REPLY, { receivedAtMs: 2000 })];
  const responses = await call(
    ['Email/query', { filter: { inMailbox: 'inbox' }, sort: [{ property: 'receivedAt', isAscending: false }], collapseThreads: true, limit: 1 }, '0'],
    ['Email/get', { '#ids': { resultOf: '0', name: 'Email/query', path: '/ids' }, properties: ['threadId'] }, '1'],
    ['Thread/get', { '#ids': { resultOf: '1', name: 'Email/get', path: '/list/*/threadId' } }, '2'],
    ['Email/get', { '#ids': { resultOf: '2', name: 'Thread/get', path: '/list/*/emailIds' }, properties: ['subject'] }, '3'],
  );
  expect(at(responses, '/0/1/ids')).toEqual([ids[1]]);
  expect(at(responses, '/3/1/list')).toEqual([{ id: ids[0], subject: 'lunch' }, { id: ids[1], subject: 'Re: lunch' }]);
});

describe('a reference cannot be resolved', () => {
  test.each([
    ['to a call that was not made', { resultOf: 'x', name: 'Core/echo', path: '/value' }, 'invalidResultReference'],
    ['to a response of another name', { resultOf: '0', name: 'Email/query', path: '/value' }, 'invalidResultReference'],
    ['to a path that leads nowhere', { resultOf: '0', name: 'Core/echo', path: '/nothing' }, 'invalidResultReference'],
    ['that is malformed', 'value', 'invalidResultReference'],
    ['to a value of the wrong type', { resultOf: '0', name: 'Core/echo', path: '/value' }, 'invalidArguments'],
  ])('%s', async (_, reference, type) => {
    const { call } = await jmapFixture();
    const responses = await call(['Core/echo', { value: 5 }, '0'], ['Mailbox/get', { '#ids': reference }, '1']);
    expect(responses[1]).toMatchObject(['error', { type }, '1']);
  });

  test('when the argument is also given plainly', async () => {
    const { call } = await jmapFixture();
    const responses = await call(['Core/echo', { ids: [] }, '0'], ['Mailbox/get', { ids: [], '#ids': { resultOf: '0', name: 'Core/echo', path: '/ids' } }, '1']);
    expect(responses[1]).toMatchObject(['error', { type: 'invalidArguments' }, '1']);
  });

  test('to a call that failed', async () => {
    const { call } = await jmapFixture();
    const responses = await call(['Email/dance', {}, '0'], ['Mailbox/get', { '#ids': { resultOf: '0', name: 'Email/dance', path: '/ids' } }, '1']);
    expect(responses[1]).toMatchObject(['error', { type: 'invalidResultReference' }, '1']);
  });
});
