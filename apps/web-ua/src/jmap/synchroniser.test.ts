import { expect, test } from '@jest/globals';
import { fetchChanges } from './changes.js';
import { JmapError } from './jmap-error.js';
import { ObjectCache } from './object-cache.js';
import { Synchroniser } from './synchroniser.js';
import type { JmapTransport } from './transport.js';
import type { Email, Mailbox } from './types.js';

type Answer = object | JmapError;

/** Answers each call by name, in turn; the calls are kept. */
function transportOf(answers: Record<string, Answer[]>): { transport: JmapTransport; calls: [string, Record<string, unknown>][] } {
  const calls: [string, Record<string, unknown>][] = [];
  const transport: JmapTransport = {
    call<Result>(name: string, args: Record<string, unknown>) {
      calls.push([name, args]);
      const answer = answers[name]?.shift();
      const result = answer === undefined || answer instanceof JmapError ? Promise.reject(answer ?? new Error(`unexpected ${name}`)) : Promise.resolve(answer as Result);
      return { result, reference: (path) => ({ resultOf: '', name, path }) };
    },
  };
  return { transport, calls };
}

const page = (newState: string, hasMoreChanges: boolean, lists: { created?: string[]; updated?: string[]; destroyed?: string[] }) =>
  ({ oldState: '', newState, hasMoreChanges, created: [], updated: [], destroyed: [], ...lists });
const object = (id: string, more: object = {}) => ({ id, ...more }) as unknown as Email & Mailbox;

test('changes are asked for until there are no more, and summed up', async () => {
  const { transport, calls } = transportOf({ 'Email/changes': [
    page('2', true, { created: ['new', 'brief'], updated: ['a'] }), page('3', false, { updated: ['new', 'b'], destroyed: ['brief', 'a'] }),
  ] });
  const changes = await fetchChanges(transport, 'Email', '1');
  expect(calls.map(([, { sinceState }]) => sinceState)).toEqual(['1', '2']);
  expect(changes).toEqual({ newState: '3', created: new Set(['new']), updated: new Set(['b']), destroyed: new Set(['a']) });
});

/** Runs until the synchroniser says that emails changed, or an error came. */
async function synchronise(cache: ObjectCache, answers: Record<string, Answer[]>, state = 'new'): Promise<{ calls: [string, Record<string, unknown>][]; error: unknown }> {
  const { transport, calls } = transportOf(answers);
  const error = await new Promise<unknown>((resolve) => {
    new Synchroniser({ transport, cache, onEmailsChanged: () => resolve(null), onError: resolve }).stateChanged({ Email: state });
  });
  return { calls, error };
}

function cacheOf(...ids: string[]): ObjectCache {
  const cache = new ObjectCache();
  cache.put('Email', ids.map((id) => object(id)));
  cache.setState('Email', 'old');
  return cache;
}

test('of what changed only what is known is fetched; what was destroyed goes', async () => {
  const cache = cacheOf('a', 'b');
  const { calls, error } = await synchronise(cache, {
    'Email/changes': [page('new', false, { created: ['c'], updated: ['a', 'unknown'], destroyed: ['b'] })],
    'Email/get': [{ state: 'new', list: [object('a', { preview: 'fresh' })], notFound: [] }],
  });
  expect(error).toBeNull();
  expect(calls[1]?.[1]['ids']).toEqual(['a']);
  expect(cache.ids('Email')).toEqual(['a']);
  expect(cache.get('Email', 'a' as Email['id'])?.preview).toBe('fresh');
  expect(cache.state('Email')).toBe('new');
});

test('a change that comes before the first emails makes their list ask again', async () => {
  const { calls, error } = await synchronise(new ObjectCache(), {});
  expect([calls, error]).toEqual([[], null]);
});

test('when the server cannot tell, everything known is fetched again and the rest dropped', async () => {
  const cache = cacheOf('a', 'gone');
  await synchronise(cache, {
    'Email/changes': [new JmapError('method', 'cannotCalculateChanges')],
    'Email/get': [{ state: 'new', list: [object('a')], notFound: ['gone'] }],
  });
  expect(cache.ids('Email')).toEqual(['a']);
  expect(cache.state('Email')).toBe('new');
});

test('a network failure is told and leaves the state, so that the next run asks for the same again', async () => {
  const cache = cacheOf('a');
  const { error } = await synchronise(cache, { 'Email/changes': [new JmapError('network', 'no answer')] });
  expect(error).toMatchObject({ code: 'network' });
  expect(cache.state('Email')).toBe('old');
});

test('a state that is known already, or of a type never fetched, asks nothing', () => {
  const { transport, calls } = transportOf({});
  const synchroniser = new Synchroniser({ transport, cache: cacheOf('a'), onEmailsChanged: () => undefined, onError: () => undefined });
  synchroniser.stateChanged({ Email: 'old', Mailbox: 'new', Quota: 'new' });
  expect(calls).toEqual([]);
});
