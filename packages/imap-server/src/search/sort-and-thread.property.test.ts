// Whatever headers there are, SORT and THREAD answer as a plain reading of RFC 5256 does, which knows by construction what the
// server has to read out of them.

import { expect } from '@jest/globals';
import { fc, LineSocket, property } from '@paloma/test-kit';
import type { MailboxId } from '@paloma/shared-model';
import { PASSWORD } from '../test/memory-gateway.js';
import { plainOrderedSubject, plainReferences } from '../test/plain-threads.js';
import { startServer } from '../test/running-server.js';

const HOUR_MS = 3_600_000;
const INBOX = 'inbox' as MailboxId;

interface Correspondent { written: string; mailbox: string; shown: string }

const correspondent = fc.constantFrom<Correspondent | null>(
  null,
  { written: 'Ann@example.org', mailbox: 'ANN', shown: 'ANN@EXAMPLE.ORG' },
  { written: 'ann@example.net, bea@example.org', mailbox: 'ANN', shown: 'ANN@EXAMPLE.NET' },
  { written: '"Zoe, the first" <bob@example.org>', mailbox: 'BOB', shown: 'ZOE, THE FIRST' },
  { written: '=?utf-8?q?b=C3=A9a?= <cleo@example.org>', mailbox: 'CLEO', shown: 'BE\u0301A' },
  { written: 'Roses: dora@example.org;', mailbox: 'ROSES', shown: 'ROSES' },
);
const subject = fc.tuple(fc.constantFrom('', 'Re: ', 'RE[2]: ', '[list] ', '[list] Fwd: '), fc.constantFrom('', 'plan', 'PLAN', 'Roses', '=?utf-8?q?pl=C3=A4ne?=', 'pla\u0308ne'))
  // A blob stays where nothing else is left.
  .filter(([decoration, base]) => base !== '' || !decoration.startsWith('['));
const id = fc.constantFrom('a', 'b', 'c', 'd', 'e');

const message = fc.record({
  from: correspondent, to: correspondent, cc: correspondent, subject,
  /** Hours after the start, and of the zone in which they are told. */
  date: fc.option(fc.tuple(fc.nat(4), fc.integer({ min: -2, max: 2 }))),
  receivedHour: fc.nat(4), messageId: fc.option(id), references: fc.array(id, { maxLength: 3 }), inReplyTo: fc.option(id), bodyBytes: fc.nat(3),
});
type Message = typeof message extends fc.Arbitrary<infer T> ? T : never;

const START_MS = Date.UTC(2026, 0, 1, 10);

function octetsOf({ from, to, cc, subject: [decoration, base], date, messageId, references, inReplyTo, bodyBytes }: Message): Buffer {
  const lines = [
    from && `From: ${from.written}`, to && `To: ${to.written}`, cc && `Cc: ${cc.written}`, `Subject: ${decoration}${base}`, date && `Date: ${written(date)}`,
    messageId && `Message-ID: <${messageId}@x>`, references.length > 0 && `References: ${references.map((each) => `<${each}@x>`).join('\r\n ')}`,
    inReplyTo && `In-Reply-To: what you wrote in <${inReplyTo}@x> and in <z@x>`,
  ];
  return Buffer.from(`${lines.filter(Boolean).join('\r\n')}\r\n\r\n${'x'.repeat(bodyBytes)}`);
}

function written([hour, zone]: readonly [number, number]): string {
  const local = new Date(START_MS + (hour + zone) * HOUR_MS).toUTCString().replace('GMT', '');
  return `${local}${zone < 0 ? '-' : '+'}0${Math.abs(zone)}00`;
}

/** What is compared, by sort key. */
const VALUES: Record<string, (message: Message) => string | number> = {
  ARRIVAL: ({ receivedHour }) => receivedHour,
  SIZE: (each) => octetsOf(each).length,
  DATE: ({ date, receivedHour }) => date?.[0] ?? receivedHour,
  SUBJECT: baseOf,
  FROM: ({ from }) => from?.mailbox ?? '',
  TO: ({ to }) => to?.mailbox ?? '',
  CC: ({ cc }) => cc?.mailbox ?? '',
  DISPLAYFROM: ({ from }) => from?.shown ?? '',
  DISPLAYTO: ({ to }) => to?.shown ?? '',
};

function baseOf({ subject: [, base] }: Message): string {
  return base.startsWith('=?') ? 'PLA\u0308NE' : base.toUpperCase();
}

const criterion = fc.tuple(fc.boolean(), fc.constantFrom(...Object.keys(VALUES)));
const sort = fc.array(criterion, { minLength: 1, maxLength: 3 });

function sorted(messages: readonly Message[], criteria: readonly (readonly [isReverse: boolean, key: string])[]): string {
  const places = [...messages.keys()].sort((left, right) => {
    for (const [isReverse, key] of criteria) {
      const [a, b] = [VALUES[key]!(messages[left]!), VALUES[key]!(messages[right]!)];
      if (a !== b) return (a < b ? -1 : 1) * (isReverse ? -1 : 1);
    }
    return left - right;
  });
  return places.map((place) => ` ${place + 1}`).join('');
}

function threaded(messages: readonly Message[]) {
  return messages.map((each, index) => ({
    number: index + 1, sentAtMs: each.date?.[0] ?? each.receivedHour, messageId: each.messageId,
    references: each.references.length > 0 || each.inReplyTo === null ? each.references : [each.inReplyTo],
    baseSubject: baseOf(each), isReply: each.subject[0].includes(':'),
  }));
}

property('SORT and THREAD are those of a plain reading', fc.tuple(fc.array(message, { minLength: 1, maxLength: 10 }), fc.array(sort, { minLength: 1, maxLength: 5 })), async ([messages, sorts]) => {
  const server = await startServer();
  const client = await LineSocket.connect(server.port);
  try {
    const store = server.gateway.storeOf('alice');
    for (const each of messages) await store.append({ octets: octetsOf(each), mailboxIds: [INBOX], receivedAtMs: START_MS + each.receivedHour * HOUR_MS });
    const answerTo = async (command: string): Promise<string> => {
      client.send(`t ${command}\r\n`);
      let last = '';
      for (let line = await client.readLine(); line !== null && !line.startsWith('t '); line = await client.readLine()) last = line;
      return last;
    };
    await answerTo(`LOGIN alice@example.org ${JSON.stringify(PASSWORD)}`);
    await answerTo('SELECT INBOX');
    for (const criteria of sorts) {
      expect(await answerTo(`SORT (${criteria.map(([isReverse, key]) => `${isReverse ? 'REVERSE ' : ''}${key}`).join(' ')}) UTF-8 ALL`)).toBe(`* SORT${sorted(messages, criteria)}`);
    }
    expect(await answerTo('THREAD REFERENCES UTF-8 ALL')).toBe(`* THREAD ${plainReferences(threaded(messages))}`);
    expect(await answerTo('THREAD ORDEREDSUBJECT UTF-8 ALL')).toBe(`* THREAD ${plainOrderedSubject(threaded(messages))}`);
  } finally {
    client.close();
    await server.close();
  }
}, { numRuns: 40 });
