import { describe, expect, test } from '@jest/globals';
import { CORE, MAIL } from '../capabilities.js';
import { ACCOUNT_ID, jmapFixture, TOKEN } from '../test/jmap-fixture.js';

const echo = { using: [CORE], methodCalls: [['Core/echo', { hello: true }, 'c0']] };
const json = { 'Content-Type': 'application/json' };

describe('a request as a whole is refused', () => {
  test.each([
    ['that is not JSON', '{', 'notJSON'],
    ['that is not UTF-8', Buffer.from('{"using":["\xff"]}', 'latin1'), 'notJSON'],
    ['without method calls', '{"using":[]}', 'notRequest'],
    ['whose calls are no tuples', '{"using":[],"methodCalls":[["Core/echo",{}]]}', 'notRequest'],
    ['whose arguments are no object', '{"using":[],"methodCalls":[["Core/echo",[],"c"]]}', 'notRequest'],
    ['nested too deeply', `{"using":[],"methodCalls":[["Core/echo",{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}},"c"]]}`, 'notRequest'],
    ['that uses an unknown capability', '{"using":["urn:nobody:knows"],"methodCalls":[]}', 'unknownCapability'],
  ])('%s', async (_, body, type) => {
    const { fetch } = await jmapFixture();
    const response = await fetch('/jmap/api', { method: 'POST', headers: json, body });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ type: `urn:ietf:params:jmap:error:${type}`, status: 400 });
  });

  test('of another content type', async () => {
    const { fetch } = await jmapFixture();
    const response = await fetch('/jmap/api', { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: JSON.stringify(echo) });
    expect(await response.json()).toMatchObject({ type: 'urn:ietf:params:jmap:error:notJSON' });
  });

  test('over the limits, which are named', async () => {
    const { fetch } = await jmapFixture({ limits: { maxSizeRequest: 200, maxCallsInRequest: 1 } });
    const post = async (body: unknown): Promise<unknown> => (await fetch('/jmap/api', { method: 'POST', headers: json, body: JSON.stringify(body) })).json();
    expect(await post({ ...echo, padding: 'x'.repeat(1_000_000) })).toMatchObject({ type: 'urn:ietf:params:jmap:error:limit', limit: 'maxSizeRequest' });
    expect(await post({ using: [], methodCalls: [['a', {}, ''], ['b', {}, '']] })).toMatchObject({ type: 'urn:ietf:params:jmap:error:limit', limit: 'maxCallsInRequest' });
  });
});

describe('access', () => {
  test.each([
    ['no header', {}],
    ['another scheme', { Authorization: `Basic ${TOKEN}` }],
    ['a wrong token', { Authorization: 'Bearer wrong' }],
  ])('is refused with %s', async (_, headers) => {
    const { baseUrl } = await jmapFixture();
    const response = await fetch(`${baseUrl}/jmap/session`, { headers: headers as Record<string, string> });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
  });

  test.each([
    ['GET', '/jmap/api', 405],
    ['OPTIONS', '/jmap/api', 405],
    ['POST', '/jmap/session', 405],
    ['GET', '/jmap/elsewhere', 404],
    ['GET', '/jmap/download/x', 404],
    ['GET', '/jmap/%E0%A4%A', 404],
    ['GET', '/other', 418],
    ['GET', '/jmapper', 418],
  ])('%s %s is answered with %i', async (method, path, status) => {
    const { fetch } = await jmapFixture();
    const response = await fetch(path, { method });
    expect(response.status).toBe(status);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });
});

test('the session says where everything is', async () => {
  const { fetch, baseUrl } = await jmapFixture();
  const response = await fetch('/.well-known/jmap');
  expect(response.url).toBe(`${baseUrl}/jmap/session`);
  expect(await response.json()).toMatchObject({
    username: 'alice@example.org',
    apiUrl: `${baseUrl}/jmap/api`,
    accounts: { [ACCOUNT_ID]: { name: 'alice@example.org', isPersonal: true, isReadOnly: false, accountCapabilities: { [MAIL]: { mayCreateTopLevelMailbox: true } } } },
    primaryAccounts: { [MAIL]: ACCOUNT_ID },
    capabilities: { [CORE]: { maxCallsInRequest: 32, maxObjectsInGet: 500 } },
    state: expect.any(String),
  });
});

describe('a method call', () => {
  test.each([
    ['of no known method', 'Email/dance', {}, 'unknownMethod'],
    ['on an account that is not open', 'Mailbox/get', { accountId: 'somebody-elses' }, 'accountNotFound'],
    ['without what it needs', 'Email/changes', {}, 'invalidArguments'],
    ['with an unknown argument', 'Mailbox/get', { depth: 1 }, 'invalidArguments'],
    ['with an argument of the wrong type', 'Mailbox/get', { ids: 'inbox' }, 'invalidArguments'],
    ['with an unknown property', 'Email/get', { ids: [], properties: ['colour'] }, 'invalidArguments'],
    ['with more ids than allowed', 'Email/get', { ids: Array.from({ length: 501 }, (_, index) => `e${index}`) }, 'requestTooLarge'],
    ['with more objects than allowed', 'Email/set', { destroy: Array.from({ length: 501 }, (_, index) => `e${index}`) }, 'requestTooLarge'],
    ['in another state than expected', 'Email/set', { ifInState: 'before', destroy: [] }, 'stateMismatch'],
    ['since an unknown state', 'Email/changes', { sinceState: 'nobody-knows' }, 'cannotCalculateChanges'],
    ['with maxChanges 0', 'Email/changes', { sinceState: '0', maxChanges: 0 }, 'invalidArguments'],
    ['with an unknown filter', 'Email/query', { filter: { colour: 'red' } }, 'unsupportedFilter'],
    ['with a malformed filter', 'Email/query', { filter: { operator: 'XOR', conditions: [] } }, 'invalidArguments'],
    ['with an unknown sort', 'Email/query', { sort: [{ property: 'colour' }] }, 'unsupportedSort'],
    ['with a collation', 'Mailbox/query', { sort: [{ property: 'name', collation: 'i;nobody' }] }, 'unsupportedSort'],
    ['with an anchor that is not there', 'Email/query', { anchor: 'gone' }, 'anchorNotFound'],
    ['with an anchor that is not there, among mailboxes', 'Mailbox/query', { anchor: 'gone' }, 'anchorNotFound'],
    ['since an unknown query state', 'Email/queryChanges', { sinceQueryState: 'nobody-knows' }, 'cannotCalculateChanges'],
  ])('%s fails alone', async (_, name, arguments_, type) => {
    const { call } = await jmapFixture();
    const responses = await call([name, arguments_, 'c1'], ['Core/echo', { still: 'here' }, 'c2']);
    expect(responses).toMatchObject([['error', { type }, 'c1'], ['Core/echo', { still: 'here' }, 'c2']]);
  });

  test('is not known while its capability is not used', async () => {
    const { fetch } = await jmapFixture();
    const body = JSON.stringify({ using: [CORE], methodCalls: [['Mailbox/get', { accountId: ACCOUNT_ID }, 'c']] });
    const response = await fetch('/jmap/api', { method: 'POST', headers: json, body });
    expect(await response.json()).toMatchObject({ methodResponses: [['error', { type: 'unknownMethod' }, 'c']] });
  });

  test('of a filter nested beyond the limit is refused', async () => {
    const { one } = await jmapFixture();
    let filter: Record<string, unknown> = { hasKeyword: '$seen' };
    for (let depth = 0; depth < 17; depth++) filter = { operator: 'NOT', conditions: [filter] };
    expect(await one('Email/query', { filter })).toEqual({ type: 'unsupportedFilter', description: expect.any(String) });
  });
});
