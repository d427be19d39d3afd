import { expect, test } from '@jest/globals';
import { parseAccountId } from '@paloma/shared-model';
import { manualClock, seededRandom } from '@paloma/test-kit';
import { WebSessions } from './web-sessions.js';

const ALICE = parseAccountId('aaaaaaaaaaaaaaaaaaaaaa');
const BOB = parseAccountId('bbbbbbbbbbbbbbbbbbbbbb');
const MINUTE_MS = 60_000;

function newSessions() {
  const clock = manualClock();
  return { clock, sessions: new WebSessions(clock, seededRandom('web-sessions')) };
}

test('a ticket is good for one session, once', () => {
  const { sessions } = newSessions();
  const ticket = sessions.issueTicket(ALICE);
  const grant = sessions.redeemTicket(ticket);
  expect(grant?.accountId).toBe(ALICE);
  expect(sessions.accountOf(grant!.token)).toBe(ALICE);
  expect(sessions.redeemTicket(ticket)).toBeNull();
});

test('a ticket is too old after ten minutes', () => {
  const { sessions, clock } = newSessions();
  const ticket = sessions.issueTicket(ALICE);
  clock.advance(10 * MINUTE_MS);
  expect(sessions.redeemTicket(ticket)).toBeNull();
});

test('a session lives as long as it is used, and ends twelve hours after', () => {
  const { sessions, clock } = newSessions();
  const token = sessions.openSession(ALICE);
  clock.advance(11 * 60 * MINUTE_MS);
  expect(sessions.accountOf(token)).toBe(ALICE);
  clock.advance(11 * 60 * MINUTE_MS);
  expect(sessions.accountOf(token)).toBe(ALICE);
  clock.advance(12 * 60 * MINUTE_MS);
  expect(sessions.accountOf(token)).toBeNull();
});

test('locking an account ends its sessions and tickets and nobody else\'s', () => {
  const { sessions } = newSessions();
  const [ticket, token, bobs] = [sessions.issueTicket(ALICE), sessions.openSession(ALICE), sessions.openSession(BOB)];
  sessions.endSessionsOf(ALICE);
  expect([sessions.redeemTicket(ticket), sessions.accountOf(token), sessions.accountOf(bobs)]).toEqual([null, null, BOB]);
});
