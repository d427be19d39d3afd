import { expect, test } from '@jest/globals';
import type { Email, EmailAddress, EmailContent } from '../jmap/types.js';
import { draftReply, type ReplyMode } from './reply.js';

const address = (email: string): EmailAddress => ({ name: null, email });
const [ana, bea, carl, list] = ['ana@example.org', 'bea@example.org', 'carl@example.org', 'list@example.org'].map(address) as [EmailAddress, EmailAddress, EmailAddress, EmailAddress];
const WORDS = { wrote: (author: string) => `${author} wrote:`, forwardedHeading: '--- forwarded ---', fields: { from: 'From', date: 'Date', subject: 'Subject', to: 'To' }, formatDate: () => 'today' };

function reply(mode: ReplyMode, email: Partial<Email>, content: Partial<EmailContent> = {}) {
  const whole = { id: 'e', subject: 'Lunch', receivedAt: '2026-01-01T12:00:00Z', from: [bea], to: [ana], ...email } as Email;
  const text = { partId: '1', type: 'text/plain' } as EmailContent['textBody'][number];
  const full = { messageId: ['m2@x'], inReplyTo: null, references: null, cc: null, replyTo: null, attachments: [], htmlBody: [], textBody: [text], bodyValues: { 1: { value: 'Soup?\n> or salad' } }, ...content } as EmailContent;
  return draftReply(whole, full, mode, [ana.email], WORDS);
}

test.each<[string, ReplyMode, Partial<Email>, Partial<EmailContent>, EmailAddress[], EmailAddress[]]>([
  ['the sender', 'reply', {}, {}, [bea], []],
  ['Reply-To before From', 'reply', {}, { replyTo: [list] }, [list], []],
  ['all: others in Cc, not oneself', 'replyAll', { to: [ana, carl] }, { cc: [list] }, [bea], [carl, list]],
  ['all: nobody twice, in whatever case', 'replyAll', { to: [address('ANA@example.org'), address('Bea@Example.org')] }, { cc: [carl, carl] }, [bea], [carl]],
  ['own message: those it went to', 'reply', { from: [ana], to: [carl] }, {}, [carl], []],
  ['own message, all', 'replyAll', { from: [ana], to: [carl] }, { cc: [bea] }, [carl], [bea]],
])('a reply goes to %s', (_name, mode, email, content, to, cc) => {
  expect(reply(mode, email, content)).toMatchObject({ to, cc });
});

// RFC 5322 §3.6.4
test.each<[string, Partial<EmailContent>, string[], string[]]>([
  ['References and the parent', { references: ['m0@x', 'm1@x'] }, ['m2@x'], ['m0@x', 'm1@x', 'm2@x']],
  ['In-Reply-To when there are no References', { inReplyTo: ['m1@x'] }, ['m2@x'], ['m1@x', 'm2@x']],
  ['not an In-Reply-To of several', { inReplyTo: ['m0@x', 'm1@x'] }, ['m2@x'], ['m2@x']],
  ['a parent without Message-ID', { messageId: null, references: ['m0@x'] }, [], ['m0@x']],
])('threading: %s', (_name, content, inReplyTo, references) => {
  expect(reply('reply', {}, content)).toMatchObject({ inReplyTo, references });
});

test.each([['Lunch', 'Re: Lunch'], ['Re: Lunch', 'Re: Lunch'], ['RE: Lunch', 'RE: Lunch'], [null, 'Re:']])('subject %p becomes %p', (subject, expected) => {
  expect(reply('reply', { subject }).subject).toBe(expected);
});

test('the quote is below an empty line, each line marked', () => {
  expect(reply('reply', {}).body).toBe('\n\nbea@example.org wrote:\n> Soup?\n>> or salad\n');
});

test('a forward names the origin, carries the files and answers nobody', () => {
  const file = { blobId: 'b', name: 'a.pdf', type: 'application/pdf', size: 3, partId: null, disposition: 'attachment', cid: null };
  const draft = reply('forward', {}, { attachments: [file] });
  expect(draft).toMatchObject({ subject: 'Fwd: Lunch', attachments: [{ blobId: 'b', name: 'a.pdf', type: 'application/pdf', size: 3 }], forwards: 'e' });
  expect(draft.body).toContain('--- forwarded ---\nFrom: bea@example.org');
  expect(draft).not.toHaveProperty('inReplyTo');
});
