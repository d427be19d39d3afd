import { describe, expect, test } from '@jest/globals';
import { ACCOUNT_ID, at, jmapFixture, REFUSED_KEY, textAt, type JmapFixture } from '../test/jmap-fixture.js';

const MESSAGE = 'From: bob@example.net\nSubject: lunch\n\nAt noon?\n';

interface ServerSentEvent {
  event: string;
  id: string | null;
  data: unknown;
}

interface EventReader {
  next(): Promise<ServerSentEvent | null>;
  close(): Promise<void>;
}

async function openEvents({ fetch }: JmapFixture, query: string, headers: Record<string, string> = {}): Promise<EventReader> {
  const abort = new AbortController();
  const response = await fetch(`/jmap/events?${query}`, { headers, signal: abort.signal });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    async next() {
      while (!text.includes('\n\n')) {
        const { done, value } = await reader.read();
        if (done) return null;
        text += value;
      }
      const [block = '', ...rest] = text.split('\n\n');
      text = rest.join('\n\n');
      return parseEvent(block);
    },
    close: async () => abort.abort(),
  };
}

function parseEvent(block: string): ServerSentEvent {
  const field = (name: string): string | null => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? null;
  return { event: field('event') ?? '', id: field('id'), data: JSON.parse(field('data') ?? 'null') as unknown };
}

test('a change is told with the states it leads to', async () => {
  const fixture = await jmapFixture();
  const events = await openEvents(fixture, 'types=*&closeafter=no&ping=0');
  await fixture.file(MESSAGE);
  const event = await events.next();
  const states = { Email: textAt(await fixture.one('Email/get', { ids: [] }), '/state'), Mailbox: textAt(await fixture.one('Mailbox/get', { ids: [] }), '/state') };
  expect(event).toEqual({ event: 'state', id: expect.any(String), data: { '@type': 'StateChange', changed: { [ACCOUNT_ID]: { ...states, Thread: expect.any(String), EmailDelivery: expect.any(String) } } } });
  await events.close();
});

test('only the types asked for are told', async () => {
  const fixture = await jmapFixture();
  const events = await openEvents(fixture, 'types=SyncStatus,EmailDelivery,Weather&closeafter=no&ping=0');
  const id = await fixture.file(MESSAGE);
  expect(Object.keys(at(await events.next(), `/data/changed/${ACCOUNT_ID}`) as object)).toEqual(['EmailDelivery']);
  // A mark is no delivery.
  await fixture.one('Email/set', { update: { [id]: { 'keywords/$seen': true } } });
  fixture.setSyncStatus({ phase: 'pushing' });
  const event = await events.next();
  expect(at(event, `/data/changed/${ACCOUNT_ID}`)).toEqual({ SyncStatus: textAt(await fixture.one('SyncStatus/get'), '/state') });
  await events.close();
});

test('submissions and identities are told', async () => {
  const fixture = await jmapFixture();
  const events = await openEvents(fixture, 'types=Identity,EmailSubmission&closeafter=no&ping=0');
  const answer = await fixture.one('Identity/set', { update: { primary: { name: 'Alice' } } });
  expect(at(await events.next(), `/data/changed/${ACCOUNT_ID}`)).toEqual({ Identity: textAt(answer, '/newState') });
  await events.close();
});

test('a decision about a key is told to other windows', async () => {
  const fixture = await jmapFixture();
  const events = await openEvents(fixture, 'types=Key&closeafter=no&ping=0');
  await fixture.one('Key/decide', { address: 'carol@example.net', decision: 'takeNew', fingerprint: REFUSED_KEY });
  const { state } = await fixture.one('Key/get', { addresses: [] });
  expect(at(await events.next(), `/data/changed/${ACCOUNT_ID}`)).toEqual({ Key: state });
  await events.close();
});

test('many changes at once are told in few events, the last of which has the last state', async () => {
  const fixture = await jmapFixture();
  const events = await openEvents(fixture, 'types=Email&closeafter=no&ping=0');
  await Promise.all(Array.from({ length: 100 }, () => fixture.file(MESSAGE)));
  const last = textAt(await fixture.one('Email/get', { ids: [] }), '/state');
  let count = 0;
  for (let state = ''; state !== last; count++) state = textAt(await events.next(), `/data/changed/${ACCOUNT_ID}/Email`);
  expect(count).toBeLessThan(20);
  await events.close();
});

test('closeafter=state ends the stream after one event', async () => {
  const fixture = await jmapFixture();
  const events = await openEvents(fixture, 'types=*&closeafter=state&ping=0');
  await fixture.file(MESSAGE);
  expect(await events.next()).toMatchObject({ event: 'state' });
  expect(await events.next()).toBeNull();
});

test('who comes back is told what was missed, and nothing when nothing was', async () => {
  const fixture = await jmapFixture();
  const before = await openEvents(fixture, 'types=Email&closeafter=state&ping=0');
  await fixture.file(MESSAGE);
  const seen = textAt(await before.next(), '/id');
  const same = await openEvents(fixture, 'types=Email&closeafter=no&ping=0', { 'Last-Event-ID': seen });
  await fixture.file(MESSAGE);
  const missed = await openEvents(fixture, 'types=Email&closeafter=no&ping=0', { 'Last-Event-ID': seen });
  const state = textAt(await fixture.one('Email/get', { ids: [] }), '/state');
  for (const events of [same, missed]) {
    expect(at(await events.next(), `/data/changed/${ACCOUNT_ID}`)).toEqual({ Email: state });
    await events.close();
  }
});

test('pings carry their interval', async () => {
  const fixture = await jmapFixture();
  const events = await openEvents(fixture, 'types=Email&closeafter=no&ping=1');
  expect(await events.next()).toEqual({ event: 'ping', id: null, data: { interval: 1 } });
  await events.close();
});

test('a stream tells nothing after its session has ended', async () => {
  const fixture = await jmapFixture();
  const events = await openEvents(fixture, 'types=*&closeafter=no&ping=0');
  fixture.endSession();
  await fixture.file(MESSAGE);
  expect(await events.next()).toBeNull();
});

describe('a stream is not opened', () => {
  test.each(['', 'types=*', 'types=*&closeafter=maybe&ping=0', 'types=*&closeafter=no&ping=often'])('with the parameters "%s"', async (query) => {
    const { fetch } = await jmapFixture();
    expect((await fetch(`/jmap/events?${query}`)).status).toBe(400);
  });

  test('beyond the limit, and again when one has closed', async () => {
    const fixture = await jmapFixture({ limits: { maxEventStreams: 1 } });
    const query = 'types=*&closeafter=state&ping=0';
    const events = await openEvents(fixture, query);
    const refused = await fixture.fetch(`/jmap/events?${query}`);
    expect([refused.status, await refused.json()]).toMatchObject([429, { limit: 'maxEventStreams' }]);
    await fixture.file(MESSAGE);
    await events.next();
    await events.next();
    await (await openEvents(fixture, query)).close();
  });
});
