import { describe, expect, test } from '@jest/globals';
import { ACCOUNT_ID, at, jmapFixture, textAt, type JmapFixture } from '../test/jmap-fixture.js';

const DRAFT = {
  mailboxIds: { drafts: true },
  keywords: { $draft: true },
  from: [{ name: 'Alice', email: 'alice@example.org' }],
  to: [{ email: 'bob@example.net' }, { email: 'carol@example.net' }],
  bcc: [{ email: 'dave@example.net' }, { email: 'BOB@example.net' }],
  subject: 'hello',
  textBody: [{ partId: 't', type: 'text/plain' }],
  bodyValues: { t: { value: 'Hello' } },
};

const createDraft = async ({ one }: JmapFixture, change: object = {}): Promise<string> =>
  textAt(await one('Email/set', { create: { d: { ...DRAFT, ...change } } }), '/created/d/id');

test('a draft is created, submitted and moved to Sent in one request', async () => {
  const { call, one } = await jmapFixture();
  const responses = await call(
    ['Email/set', { create: { draft: DRAFT } }, '0'],
    ['EmailSubmission/set', {
      create: { sending: { identityId: 'primary', emailId: '#draft' } },
      onSuccessUpdateEmail: { '#sending': { 'mailboxIds/drafts': null, 'mailboxIds/sent': true, 'keywords/$draft': null } },
    }, '1'],
    ['EmailSubmission/get', { ids: ['#sending'] }, '2'],
  );
  expect(responses.map(([name, , callId]) => [name, callId])).toEqual([['Email/set', '0'], ['EmailSubmission/set', '1'], ['Email/set', '1'], ['EmailSubmission/get', '2']]);
  const emailId = textAt(responses, '/0/1/created/draft/id');
  expect(at(responses, '/1/1/created/sending')).toEqual({ id: expect.any(String), undoStatus: 'pending', sendAt: '2026-01-01T00:00:00Z' });
  expect(at(responses, '/2/1')).toMatchObject({ accountId: ACCOUNT_ID, updated: { [emailId]: null } });
  expect(at(responses, '/3/1/list/0')).toMatchObject({
    emailId, identityId: 'primary', threadId: textAt(responses, '/0/1/created/draft/threadId'), undoStatus: 'pending',
    // Each recipient once, Bcc among them.
    envelope: { mailFrom: { email: 'alice@example.org' }, rcptTo: [{ email: expect.stringMatching(/^bob@example.net$/i) }, { email: 'carol@example.net' }, { email: 'dave@example.net' }] },
    deliveryStatus: { 'carol@example.net': { delivered: 'queued', displayed: 'unknown', smtpReply: '' } },
    protection: { 'carol@example.net': 'undecided' },
  });
  expect(at(await one('Email/get', { ids: [emailId], properties: ['mailboxIds', 'keywords'] }), '/list/0')).toEqual({ id: emailId, mailboxIds: { sent: true }, keywords: {} });
});

test('what is not submitted is not moved either', async () => {
  const fixture = await jmapFixture();
  const emailId = await createDraft(fixture, { to: [], bcc: [] });
  const responses = await fixture.call(['EmailSubmission/set', {
    create: { s: { identityId: 'primary', emailId } }, onSuccessUpdateEmail: { '#s': { 'keywords/$draft': null } }, onSuccessDestroyEmail: ['#s'],
  }]);
  expect(responses).toHaveLength(1);
  expect(at(responses, '/0/1/notCreated/s')).toEqual({ type: 'noRecipients' });
});

test('an email may be destroyed once it is submitted', async () => {
  const fixture = await jmapFixture();
  const emailId = await createDraft(fixture);
  const responses = await fixture.call(['EmailSubmission/set', { create: { s: { identityId: 'primary', emailId } }, onSuccessDestroyEmail: ['#s'] }]);
  expect(at(responses, '/1/1/destroyed')).toEqual([emailId]);
});

describe('a submission is refused', () => {
  const envelope = (mailFrom: object, ...rcptTo: string[]): object => ({ mailFrom: { email: 'alice@example.org', ...mailFrom }, rcptTo: rcptTo.map((email) => ({ email })) });
  const asking = (parameters: object): object => ({ mailFrom: { email: 'alice@example.org' }, rcptTo: [{ email: 'bob@example.net', parameters }] });
  test.each([
    ['of an email that is not there', {}, { emailId: 'gone' }, { type: 'invalidProperties', properties: ['emailId'] }],
    ['with an identity that is not there', {}, { identityId: 'gone' }, { type: 'invalidProperties', properties: ['identityId'] }],
    ['without an author', { from: null }, {}, { type: 'invalidEmail', properties: ['from'] }],
    ['in the name of another', { from: [{ email: 'mallory@example.org' }] }, {}, { type: 'forbiddenFrom' }],
    ['in the name of another beside oneself', { from: [{ email: 'alice@example.org' }, { email: 'mallory@example.org' }] }, {}, { type: 'forbiddenFrom' }],
    ['with the envelope of another', {}, { envelope: envelope({ email: 'mallory@example.org' }, 'bob@example.net') }, { type: 'forbiddenMailFrom' }],
    ['to nobody', {}, { envelope: envelope({}) }, { type: 'noRecipients' }],
    ['to what is no address', {}, { envelope: envelope({}, 'bob@example.net', 'nobody') }, { type: 'invalidRecipients', invalidRecipients: ['nobody'] }],
    ['to too many', {}, { envelope: envelope({}, ...Array.from({ length: 101 }, (_, index) => `r${index}@example.net`)) }, { type: 'tooManyRecipients', maxRecipients: 100 }],
    ['with an unknown SMTP parameter', {}, { envelope: envelope({ parameters: { MT_PRIORITY: '3' } }, 'bob@example.net') }, { type: 'invalidProperties', properties: ['envelope'] }],
    ['with an ENVID that no command could hold', {}, { envelope: envelope({ parameters: { ENVID: 'x\r\nRSET' } }, 'bob@example.net') }, { type: 'invalidProperties', properties: ['envelope'] }],
    ['with half a RET', {}, { envelope: envelope({ parameters: { RET: 'HALF' } }, 'bob@example.net') }, { type: 'invalidProperties', properties: ['envelope'] }],
    ['with a contradictory NOTIFY', {}, { envelope: asking({ NOTIFY: 'NEVER,DELAY' }) }, { type: 'invalidProperties', properties: ['envelope'] }],
    ['with an ORCPT of no known type', {}, { envelope: asking({ ORCPT: 'bob@example.net' }) }, { type: 'invalidProperties', properties: ['envelope'] }],
    ['held for too long', {}, { envelope: envelope({ parameters: { HOLDFOR: '99999999' } }, 'bob@example.net') }, { type: 'invalidProperties', properties: ['envelope'] }],
    ['with what the server tells', {}, { undoStatus: 'final' }, { type: 'invalidProperties', properties: ['undoStatus'] }],
  ])('%s', async (_, draft, change, error) => {
    const fixture = await jmapFixture();
    const emailId = await createDraft(fixture, draft);
    expect(at(await fixture.one('EmailSubmission/set', { create: { s: { identityId: 'primary', emailId, ...change } } }), '/notCreated/s')).toEqual(error);
    expect(fixture.bugs).toEqual([]);
  });
});

test('a submission may be held back and canceled, but not twice undone or changed otherwise', async () => {
  const fixture = await jmapFixture();
  const emailId = await createDraft(fixture);
  const envelope = { mailFrom: { email: 'alice@example.org', parameters: { HOLDFOR: '20' } }, rcptTo: [{ email: 'bob@example.net' }] };
  const created = await fixture.one('EmailSubmission/set', { create: { s: { identityId: 'primary', emailId, envelope } } });
  const id = textAt(created, '/created/s/id');
  expect(at(created, '/created/s/sendAt')).toBe('2026-01-01T00:00:20Z');
  const set = (update: object): Promise<unknown> => fixture.one('EmailSubmission/set', { update: { [id]: update } });
  expect(await set({ sendAt: '2030-01-01T00:00:00Z' })).toMatchObject({ notUpdated: { [id]: { type: 'invalidProperties', properties: ['sendAt'] } } });
  expect(await set({ undoStatus: 'canceled' })).toMatchObject({ updated: { [id]: null } });
  expect(await set({ undoStatus: 'pending' })).toMatchObject({ notUpdated: { [id]: { type: 'invalidProperties', properties: ['undoStatus'] } } });
  expect(await fixture.one('EmailSubmission/set', { destroy: [id, 'gone'] })).toMatchObject({ notDestroyed: { [id]: { type: 'forbidden' }, gone: { type: 'notFound' } } });
  expect(await fixture.one('EmailSubmission/changes', { sinceState: textAt(created, '/newState') })).toMatchObject({ created: [], updated: [id], destroyed: [] });
  expect(await fixture.one('EmailSubmission/changes', { sinceState: textAt(created, '/oldState') })).toMatchObject({ created: [id], updated: [], destroyed: [] });
});

test('a submission that has left cannot be unsent', async () => {
  const fixture = await jmapFixture();
  const emailId = await createDraft(fixture);
  const id = textAt(await fixture.one('EmailSubmission/set', { create: { s: { identityId: 'primary', emailId } } }), '/created/s/id');
  fixture.account.submissions.cancel = async () => false;
  expect(await fixture.one('EmailSubmission/set', { update: { [id]: { undoStatus: 'canceled' } } })).toMatchObject({ notUpdated: { [id]: { type: 'cannotUnsend' } } });
});

test('submissions are found and sorted', async () => {
  const fixture = await jmapFixture();
  const [first, second] = [await createDraft(fixture), await createDraft(fixture, { subject: 'other' })];
  const submit = async (emailId: string): Promise<string> => textAt(await fixture.one('EmailSubmission/set', { create: { s: { identityId: 'primary', emailId } } }), '/created/s/id');
  const a = await submit(first);
  fixture.clock.advance(60_000);
  const b = await submit(second);
  const query = async (arguments_: object): Promise<unknown> => at(await fixture.one('EmailSubmission/query', { ...arguments_ }), '/ids');
  expect(await query({ sort: [{ property: 'sentAt', isAscending: false }] })).toEqual([b, a]);
  expect(await query({ filter: { emailIds: [second] } })).toEqual([b]);
  expect(await query({ filter: { operator: 'AND', conditions: [{ undoStatus: 'pending' }, { before: '2026-01-01T00:00:30Z' }] } })).toEqual([a]);
});

test('identities are listed and renamed, not made up', async () => {
  const { one } = await jmapFixture();
  const before = await one('Identity/get');
  expect(before).toMatchObject({ list: [{ id: 'primary', email: 'alice@example.org', name: '', textSignature: '', htmlSignature: '', replyTo: null, bcc: null, mayDelete: false }] });
  const answer = await one('Identity/set', {
    create: { n: { email: 'root@example.org' } }, update: { primary: { name: 'Alice', textSignature: '-- A.' }, gone: { name: 'x' } }, destroy: ['elsewhere'],
  });
  expect(answer).toMatchObject({ notCreated: { n: { type: 'forbidden' } }, updated: { primary: null }, notUpdated: { gone: { type: 'notFound' } }, notDestroyed: { elsewhere: { type: 'notFound' } } });
  expect(await one('Identity/set', { update: { primary: { email: 'root@example.org' } }, destroy: ['primary'] }))
    .toMatchObject({ notUpdated: { primary: { type: 'willDestroy' } }, notDestroyed: { primary: { type: 'forbidden' } } });
  expect(await one('Identity/set', { update: { primary: { email: 'root@example.org' } } })).toMatchObject({ notUpdated: { primary: { type: 'invalidProperties', properties: ['email'] } } });
  expect(await one('Identity/changes', { sinceState: textAt(before, '/state') })).toMatchObject({ updated: ['primary'] });
});

test('recipients are resolved before sending', async () => {
  const { one } = await jmapFixture();
  expect(await one('Recipient/resolve', { addresses: ['bob@example.net', 'eve@example.net', 'nobody'] })).toEqual({
    accountId: ACCOUNT_ID,
    list: [
      { address: 'bob@example.net', state: 'verified', fingerprint: null },
      { address: 'eve@example.net', state: 'noKey', fingerprint: null },
      { address: 'nobody', state: 'invalid', fingerprint: null },
    ],
  });
});

test('the sync status is a singleton whose state follows it', async () => {
  const { one, setSyncStatus } = await jmapFixture();
  const before = await one('SyncStatus/get');
  expect(before).toMatchObject({ list: [{ id: 'singleton', phase: 'idle', pendingUp: 0, lastSyncAtMs: null }], notFound: [] });
  setSyncStatus({ phase: 'pushing', pendingUp: 3 });
  const after = await one('SyncStatus/get', { ids: ['singleton', 'other'], properties: ['pendingUp'] });
  expect(after).toMatchObject({ list: [{ id: 'singleton', pendingUp: 3 }], notFound: ['other'] });
  expect(at(after, '/state')).not.toBe(at(before, '/state'));
});

test('what notices are asked for (DSN) is kept, and shown as it was given', async () => {
  const fixture = await jmapFixture();
  const emailId = await createDraft(fixture);
  const envelope = {
    mailFrom: { email: 'alice@example.org', parameters: { RET: 'FULL', ENVID: 'a+b=c d' } },
    rcptTo: [
      { email: 'bob@example.net', parameters: { NOTIFY: 'NEVER', ORCPT: 'rfc822;B+b@example.net' } }, { email: 'carol@example.net', parameters: null },
      { email: 'dave@example.net', parameters: { NOTIFY: 'SUCCESS,DELAY' } },
    ],
  };
  const responses = await fixture.call(
    ['EmailSubmission/set', { create: { s: { identityId: 'primary', emailId, envelope } } }, '0'],
    ['EmailSubmission/get', { ids: ['#s'], properties: ['envelope'] }, '1'],
  );
  expect(at(responses, '/1/1/list/0/envelope')).toEqual(envelope);
});
