import { describe, expect, test } from '@jest/globals';
import { ACCOUNT_ID, at, jmapFixture, textAt, type JmapFixture } from '../test/jmap-fixture.js';

const MESSAGE = 'From: bob@example.net\nSubject: lunch\n\nAt noon?\n';

const DRAFT = {
  mailboxIds: { drafts: true },
  keywords: { $draft: true, $Seen: true },
  from: [{ name: 'Älice', email: 'alice@example.org' }],
  to: [{ name: null, email: 'bob@example.net' }],
  subject: 'Grüße',
  textBody: [{ partId: 't', type: 'text/plain' }],
  bodyValues: { t: { value: 'Hello Bob,\nsee you – soon.\n' } },
};

async function upload({ fetch }: JmapFixture, octets: Uint8Array, type: string): Promise<string> {
  const response = await fetch(`/jmap/upload/${ACCOUNT_ID}`, { method: 'POST', headers: { 'Content-Type': type }, body: new Blob([new Uint8Array(octets)]) });
  return textAt(await response.json(), '/blobId');
}

describe('an email is created', () => {
  test('from header properties and a text', async () => {
    const { one } = await jmapFixture();
    const created = await one('Email/set', { create: { d: DRAFT } });
    const id = textAt(created, '/created/d/id');
    expect(at(created, '/created/d')).toEqual({ id, blobId: `m-${id}`, threadId: expect.any(String), size: expect.any(Number) });
    const properties = ['mailboxIds', 'keywords', 'from', 'to', 'subject', 'sentAt', 'messageId', 'bodyValues'];
    expect(at(await one('Email/get', { ids: [id], properties, fetchTextBodyValues: true }), '/list/0')).toEqual({
      id, mailboxIds: { drafts: true }, keywords: { $draft: true, $seen: true }, from: DRAFT.from, to: DRAFT.to, subject: 'Grüße',
      sentAt: '2026-01-01T00:00:00Z', messageId: [expect.stringMatching(/^[0-9a-f]{36}@example\.org$/)],
      bodyValues: { 1: { value: 'Hello Bob,\nsee you – soon.\n', isEncodingProblem: false, isTruncated: false } },
    });
  });

  test('with HTML, an attachment that was uploaded, and fields of its own', async () => {
    const fixture = await jmapFixture();
    const octets = Uint8Array.from({ length: 70_000 }, (_, index) => index % 251);
    const blobId = await upload(fixture, octets, 'application/pdf');
    const object = {
      ...DRAFT,
      htmlBody: [{ partId: 'h', type: 'text/html' }],
      bodyValues: { ...DRAFT.bodyValues, h: { value: '<p>Hello</p>' } },
      attachments: [{ blobId, type: 'application/pdf', name: 'Übersicht.pdf', disposition: 'attachment' }],
      'header:X-Project:asText': 'Täubchen',
      'header:Resent-To:asAddresses': [{ name: 'C', email: 'carol@example.net' }],
      'header:X-Refs:asMessageIds:all': [['a@x'], ['b@x', 'c@x']],
    };
    const id = textAt(await fixture.one('Email/set', { create: { d: object } }), '/created/d/id');
    const properties = ['bodyStructure', 'attachments', 'header:X-Project:asText', 'header:Resent-To:asAddresses', 'header:X-Refs:asMessageIds:all'];
    const email = at(await fixture.one('Email/get', { ids: [id], properties, bodyProperties: ['blobId', 'type', 'name', 'size'] }), '/list/0');
    expect(email).toMatchObject({
      bodyStructure: { type: 'multipart/mixed', subParts: [{ type: 'multipart/alternative', subParts: [{ type: 'text/plain' }, { type: 'text/html' }] }, { type: 'application/pdf' }] },
      attachments: [{ type: 'application/pdf', name: 'Übersicht.pdf', size: 70_000 }],
      'header:X-Project:asText': 'Täubchen',
      'header:Resent-To:asAddresses': [{ name: 'C', email: 'carol@example.net' }],
      'header:X-Refs:asMessageIds:all': [['a@x'], ['b@x', 'c@x']],
    });
    const download = await fixture.fetch(`/jmap/download/${ACCOUNT_ID}/${textAt(email, '/attachments/0/blobId')}/x`);
    expect(new Uint8Array(await download.arrayBuffer())).toEqual(octets);
  });

  test('from a body structure', async () => {
    const { one } = await jmapFixture();
    const { textBody: _, ...rest } = DRAFT;
    const bodyStructure = { type: 'multipart/alternative', subParts: [{ partId: 't', type: 'text/plain' }, { partId: 'h', type: 'text/html' }] };
    const id = textAt(await one('Email/set', { create: { d: { ...rest, bodyStructure, bodyValues: { ...DRAFT.bodyValues, h: { value: '<p>Hi</p>' } } } } }), '/created/d/id');
    expect(at(await one('Email/get', { ids: [id], properties: ['bodyStructure'], bodyProperties: ['type'] }), '/list/0/bodyStructure'))
      .toEqual({ type: 'multipart/alternative', subParts: [{ type: 'text/plain' }, { type: 'text/html' }] });
  });
});

describe('an email is not created', () => {
  test.each([
    ['in no mailbox', { mailboxIds: {} }, { type: 'invalidProperties', properties: ['mailboxIds'] }],
    ['in a mailbox that is not there', { mailboxIds: { gone: true } }, { type: 'invalidProperties', properties: ['mailboxIds'] }],
    ['with a malformed keyword', { keywords: { 'two words': true } }, { type: 'invalidProperties', properties: ['keywords'] }],
    ['with a keyword that is false', { keywords: { $seen: false } }, { type: 'invalidProperties', properties: ['keywords'] }],
    ['with what the server tells', { size: 5 }, { type: 'invalidProperties', properties: ['size'] }],
    ['with raw headers', { headers: [] }, { type: 'invalidProperties', properties: ['headers'] }],
    ['with an address that is none', { to: [{ email: 'bob, eve@example.net' }] }, { type: 'invalidProperties', properties: ['to'] }],
    ['with one field in two ways', { 'header:Subject:asText': 'x' }, { type: 'invalidProperties', properties: ['header:Subject:asText'] }],
    ['with a field that describes the body', { 'header:Content-Type:asRaw': 'text/html' }, { type: 'invalidProperties', properties: ['header:Content-Type:asRaw'] }],
    ['with a field smuggled into another', { 'header:X-A': 'x\r\nBcc: eve@example.net' }, { type: 'invalidProperties', properties: ['header:X-A'] }],
    ['with a text that is not there', { bodyValues: {} }, { type: 'invalidProperties', properties: ['bodyValues'] }],
    ['with two texts', { textBody: [{ partId: 't' }, { partId: 't' }] }, { type: 'invalidProperties', properties: ['textBody'] }],
    ['with a blob that is not there', { attachments: [{ blobId: 'u-gone' }] }, { type: 'blobNotFound', notFound: ['u-gone'] }],
    ['with an attachment of no type', { attachments: [{ blobId: 'u-gone', type: 'text/html\r\nX: y' }] }, { type: 'invalidProperties', properties: ['attachments'] }],
    ['received at no time', { receivedAt: 'yesterday' }, { type: 'invalidProperties', properties: ['receivedAt'] }],
  ])('%s', async (_, change, error) => {
    const { one, bugs } = await jmapFixture();
    expect(await one('Email/set', { create: { d: { ...DRAFT, ...change } } })).toMatchObject({ created: null, notCreated: { d: error } });
    expect(bugs).toEqual([]);
  });
});

describe('an email is updated', () => {
  test.each([
    ['adding a keyword', { 'keywords/$Flagged': true }, { keywords: { $seen: true, $flagged: true }, mailboxIds: { inbox: true } }],
    ['taking a keyword away', { 'keywords/$seen': null }, { keywords: {}, mailboxIds: { inbox: true } }],
    ['replacing all keywords', { keywords: { $answered: true } }, { keywords: { $answered: true }, mailboxIds: { inbox: true } }],
    ['moving it', { 'mailboxIds/inbox': null, 'mailboxIds/archive': true }, { keywords: { $seen: true }, mailboxIds: { archive: true } }],
    ['filing it twice', { mailboxIds: { inbox: true, archive: true } }, { keywords: { $seen: true }, mailboxIds: { inbox: true, archive: true } }],
  ])('%s', async (_, patch, expected) => {
    const { one, file } = await jmapFixture();
    const id = await file(MESSAGE, { keywords: ['$seen'] });
    expect(await one('Email/set', { update: { [id]: patch } })).toMatchObject({ updated: { [id]: null }, notUpdated: null });
    expect(at(await one('Email/get', { ids: [id], properties: ['keywords', 'mailboxIds'] }), '/list/0')).toEqual({ id, ...expected });
  });

  test.each([
    ['in its content', { subject: 'other' }, { type: 'invalidProperties', properties: ['subject'] }],
    ['out of its last mailbox', { 'mailboxIds/inbox': null }, { type: 'invalidProperties', properties: ['mailboxIds'] }],
    ['into a mailbox that is not there', { 'mailboxIds/gone': true }, { type: 'invalidProperties', properties: ['mailboxIds'] }],
    ['with a keyword that is false', { 'keywords/$seen': false }, { type: 'invalidProperties', properties: ['keywords'] }],
    ['in two ways at once', { keywords: {}, 'keywords/$seen': true }, { type: 'invalidPatch' }],
  ])('but not %s', async (_, patch, error) => {
    const { one, file } = await jmapFixture();
    const id = await file(MESSAGE);
    expect(await one('Email/set', { update: { [id]: patch } })).toMatchObject({ updated: null, notUpdated: { [id]: error } });
  });

  test('one by one: what fails does not stop the others', async () => {
    const { one, file } = await jmapFixture();
    const [kept, lost] = [await file(MESSAGE), await file(MESSAGE)];
    const answer = await one('Email/set', { update: { [kept]: { 'keywords/$seen': true }, [lost]: { 'keywords/$seen': true }, gone: {} }, destroy: [lost, 'gone-too'] });
    expect(answer).toMatchObject({
      updated: { [kept]: null }, notUpdated: { [lost]: { type: 'willDestroy' }, gone: { type: 'notFound' } },
      destroyed: [lost], notDestroyed: { 'gone-too': { type: 'notFound' } },
    });
  });
});

test('creation ids name what was created before, also in the next call', async () => {
  const { call } = await jmapFixture();
  const responses = await call(
    ['Mailbox/set', { create: { m: { name: 'Projects' } } }],
    ['Email/set', { create: { d: { ...DRAFT, mailboxIds: { '#m': true } } } }],
    ['Email/set', { update: { '#d': { 'keywords/$flagged': true } } }],
    ['Email/get', { ids: ['#d'], properties: ['mailboxIds', 'keywords'] }],
  );
  const mailboxId = textAt(responses, '/0/1/created/m/id');
  expect(at(responses, '/3/1/list/0')).toEqual({ id: textAt(responses, '/1/1/created/d/id'), mailboxIds: { [mailboxId]: true }, keywords: { $draft: true, $seen: true, $flagged: true } });
});

test('createdIds go in and come out when asked for', async () => {
  const { fetch } = await jmapFixture();
  const methodCalls = [['Email/set', { accountId: ACCOUNT_ID, create: { d: { ...DRAFT, mailboxIds: { '#before': true } } } }, 'c']];
  const body = JSON.stringify({ using: ['urn:ietf:params:jmap:mail'], methodCalls, createdIds: { before: 'archive' } });
  const answer = await (await fetch('/jmap/api', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body })).json();
  expect(at(answer, '/createdIds')).toEqual({ before: 'archive', d: textAt(answer, '/methodResponses/0/1/created/d/id') });
});

describe('the state after a change', () => {
  test('leads over what was changed', async () => {
    const { one } = await jmapFixture();
    const answer = await one('Email/set', { create: { d: DRAFT } });
    expect(textAt(await one('Email/get', { ids: [] }), '/state')).toBe(textAt(answer, '/newState'));
    expect(await one('Email/changes', { sinceState: textAt(answer, '/oldState') })).toMatchObject({ created: [textAt(answer, '/created/d/id')], updated: [], destroyed: [] });
  });

  test('does not lead over what somebody else changed meanwhile', async () => {
    const { one, file, account } = await jmapFixture();
    let foreign = '';
    let isFirst = true;
    account.mailStore.subscribe(() => {
      if (!isFirst) return;
      isFirst = false;
      void file(MESSAGE).then((id) => { foreign = id; });
    });
    const answer = await one('Email/set', { create: { d: DRAFT } });
    const changes = await one('Email/changes', { sinceState: textAt(answer, '/newState') });
    expect(at(changes, '/created')).toContain(foreign);
  });
});

test('what was uploaded is imported octet for octet', async () => {
  const fixture = await jmapFixture();
  const octets = Buffer.from('Subject: \xe4lt\n\nbare line ends \xff\r\n', 'latin1');
  const blobId = await upload(fixture, octets, 'message/rfc822');
  const emails = {
    good: { blobId, mailboxIds: { inbox: true }, keywords: { $seen: true }, receivedAt: '2020-02-03T04:05:06Z' },
    lost: { blobId: 'u-gone', mailboxIds: { inbox: true } },
    homeless: { blobId, mailboxIds: {} },
    odd: { blobId, mailboxIds: { inbox: true }, colour: 'red' },
  };
  const answer = await fixture.one('Email/import', { emails });
  expect(answer).toMatchObject({
    created: { good: { id: expect.any(String), size: octets.length } },
    notCreated: { lost: { type: 'blobNotFound' }, homeless: { type: 'invalidProperties', properties: ['mailboxIds'] }, odd: { type: 'invalidProperties', properties: ['colour'] } },
  });
  const download = await fixture.fetch(`/jmap/download/${ACCOUNT_ID}/${textAt(answer, '/created/good/blobId')}/mail.eml`);
  expect(Buffer.from(await download.arrayBuffer())).toEqual(octets);
});
