import { describe, expect, test } from '@jest/globals';
import { at, jmapFixture } from '../test/jmap-fixture.js';

const MESSAGE = `From: =?utf-8?Q?J=C3=B6rg?= <joerg@example.net>
To: friends: bob@example.net, "Carol C." <carol@example.net>;, dave@example.net
Subject: =?utf-8?B?w4RwZmVs?= and more
Date: Thu, 30 Oct 2014 14:12:00 +0800
Message-ID: <1@example.net>
References: <a@x> <b@x>
X-Tag: first
X-Tag:  second
 folded
List-Post: <mailto:list@example.net>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=outer

--outer
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Gr=FC=DFe
und mehr
--inner
Content-Type: text/html; charset=utf-8
Content-Language: de, en

<p>Grüße</p>
--inner--
--outer
Content-Type: application/pdf; name="a b.pdf"
Content-Disposition: attachment
Content-Transfer-Encoding: base64

AAECAwQF
--outer
Content-Type: message/rfc822

Subject: attached

inside
--outer--
`;

const HEADER_FORMS: [string, unknown][] = [
  ['subject', 'Äpfel and more'],
  ['from', [{ name: 'Jörg', email: 'joerg@example.net' }]],
  ['to', [{ name: null, email: 'bob@example.net' }, { name: 'Carol C.', email: 'carol@example.net' }, { name: null, email: 'dave@example.net' }]],
  ['cc', null],
  ['sentAt', '2014-10-30T14:12:00+08:00'],
  ['messageId', ['1@example.net']],
  ['references', ['a@x', 'b@x']],
  ['header:To:asGroupedAddresses', [
    { name: 'friends', addresses: [{ name: null, email: 'bob@example.net' }, { name: 'Carol C.', email: 'carol@example.net' }] },
    { name: null, addresses: [{ name: null, email: 'dave@example.net' }] },
  ]],
  ['header:X-Tag', '  second\r\n folded'],
  ['header:x-tag:asText', 'second folded'],
  ['header:X-Tag:asText:all', ['first', 'second folded']],
  ['header:X-Missing:asText', null],
  ['header:X-Missing:all', []],
  ['header:Subject', ' =?utf-8?B?w4RwZmVs?= and more'],
  ['header:List-Post:asURLs', ['mailto:list@example.net']],
  ['header:X-Tag:asDate', null],
  ['header:X-Tag:asMessageIds', null],
];

describe('the header is read', () => {
  test.each(HEADER_FORMS)('as %s', async (property, value) => {
    const { one, file } = await jmapFixture();
    const id = await file(MESSAGE);
    expect(at(await one('Email/get', { ids: [id], properties: [property] }), '/list/0')).toEqual({ id, [property]: value });
  });

  test.each(['header:Subject:asAddresses', 'header:From:asText', 'header:Date:asText', 'header:To:asPoem', 'header:To:all:asText', 'header:'])('not as %s', async (property) => {
    const { one } = await jmapFixture();
    expect(await one('Email/get', { ids: [], properties: [property] })).toMatchObject({ type: 'invalidArguments' });
  });
});

test('a field that may stand once is its first, whatever follows', async () => {
  const { one, file } = await jmapFixture();
  const id = await file('From: bob@example.net\nFrom: mallory@example.net\n\n');
  expect(at(await one('Email/get', { ids: [id], properties: ['from'] }), '/list/0/from')).toEqual([{ name: null, email: 'bob@example.net' }]);
});

test('metadata is what the store knows', async () => {
  const { one, file } = await jmapFixture();
  const id = await file(MESSAGE, { keywords: ['$seen'], receivedAtMs: Date.UTC(2026, 0, 2, 3, 4, 5) });
  const properties = ['blobId', 'threadId', 'mailboxIds', 'keywords', 'size', 'receivedAt', 'hasAttachment', 'preview', 'security'];
  expect(at(await one('Email/get', { ids: [id], properties }), '/list/0')).toEqual({
    id, blobId: `m-${id}`, threadId: expect.any(String), mailboxIds: { inbox: true }, keywords: { $seen: true },
    size: Buffer.byteLength(MESSAGE.replaceAll('\n', '\r\n')), receivedAt: '2026-01-02T03:04:05Z', hasAttachment: true, preview: expect.stringContaining('Grüße'),
    security: { status: 'notProtected', problem: null, isEncrypted: false, signature: 'none', signerFingerprint: null },
  });
});

test('bodies are sorted into text, HTML and attachments, with decoded sizes and names', async () => {
  const { one, file } = await jmapFixture();
  const id = await file(MESSAGE);
  const bodyProperties = ['partId', 'blobId', 'type', 'size', 'name', 'charset', 'language', 'disposition'];
  expect(at(await one('Email/get', { ids: [id], properties: ['textBody', 'htmlBody', 'attachments'], bodyProperties }), '/list/0')).toEqual({
    id,
    textBody: [{ partId: '1.1', blobId: `p-1_1-m-${id}`, type: 'text/plain', size: 15, name: null, charset: 'iso-8859-1', language: null, disposition: null }],
    htmlBody: [{ partId: '1.2', blobId: `p-1_2-m-${id}`, type: 'text/html', size: 14, name: null, charset: 'utf-8', language: ['de', 'en'], disposition: null }],
    attachments: [
      { partId: '2', blobId: `p-2-m-${id}`, type: 'application/pdf', size: 6, name: 'a b.pdf', charset: null, language: null, disposition: 'attachment' },
      { partId: '3', blobId: `p-3-m-${id}`, type: 'message/rfc822', size: 27, name: null, charset: null, language: null, disposition: null },
    ],
  });
});

test('the structure has every part; attached messages are leaves', async () => {
  const { one, file } = await jmapFixture();
  const id = await file(MESSAGE);
  const answer = await one('Email/get', { ids: [id], properties: ['bodyStructure'], bodyProperties: ['partId', 'type', 'header:Content-Type:asText'] });
  expect(at(answer, '/list/0/bodyStructure')).toMatchObject({
    partId: null, type: 'multipart/mixed', 'header:Content-Type:asText': 'multipart/mixed; boundary=outer',
    subParts: [
      { partId: null, type: 'multipart/alternative', subParts: [{ partId: '1.1' }, { partId: '1.2' }] },
      { partId: '2', 'header:Content-Type:asText': 'application/pdf; name="a b.pdf"' },
      { partId: '3', type: 'message/rfc822' },
    ],
  });
  expect(at(answer, '/list/0/bodyStructure/subParts/2/subParts')).toBeUndefined();
});

describe('body values', () => {
  test.each([
    ['of the text', { fetchTextBodyValues: true }, { '1.1': { value: 'Grüße\nund mehr', isTruncated: false, isEncodingProblem: false } }],
    ['of the HTML', { fetchHTMLBodyValues: true }, { '1.2': { value: '<p>Grüße</p>', isTruncated: false, isEncodingProblem: false } }],
    ['cut between characters', { fetchTextBodyValues: true, maxBodyValueBytes: 3 }, { '1.1': { value: 'Gr', isTruncated: true, isEncodingProblem: false } }],
    ['cut outside tags', { fetchHTMLBodyValues: true, maxBodyValueBytes: 12 }, { '1.2': { value: '<p>Grüße', isTruncated: true, isEncodingProblem: false } }],
    ['of all text parts', { fetchAllBodyValues: true }, { '1.1': expect.anything(), '1.2': expect.anything() }],
    ['of none', {}, {}],
  ])('%s', async (_, flags, values) => {
    const { one, file } = await jmapFixture();
    const id = await file(MESSAGE);
    expect(at(await one('Email/get', { ids: [id], properties: ['bodyValues'], ...flags }), '/list/0/bodyValues')).toEqual(values);
  });

  test('tell of an unknown charset', async () => {
    const { one, file } = await jmapFixture();
    const id = await file('Content-Type: text/plain; charset=x-nobody-knows\n\nhello\n');
    const answer = await one('Email/get', { ids: [id], properties: ['bodyValues'], fetchAllBodyValues: true });
    expect(at(answer, '/list/0/bodyValues/1')).toEqual({ value: 'hello\n', isTruncated: false, isEncodingProblem: true });
  });

  test('too large together are refused', async () => {
    const { one, file } = await jmapFixture({ limits: { maxBodyValuesBytes: 100 } });
    const id = await file(`Subject: long\n\n${'x'.repeat(200)}\n`);
    const get = { ids: [id], properties: ['bodyValues'], fetchAllBodyValues: true };
    expect(await one('Email/get', get)).toMatchObject({ type: 'requestTooLarge' });
    expect(at(await one('Email/get', { ...get, maxBodyValueBytes: 10 }), '/list/0/bodyValues/1/value')).toBe('x'.repeat(10));
  });
});

test('parse reads an attached message in place, and says what is none', async () => {
  const { one, file, fetch } = await jmapFixture();
  const id = await file(MESSAGE);
  const upload = await (await fetch(`/jmap/upload/AccountOfTheTestUser_0`, { method: 'POST', body: Buffer.from([0, 1, 2]) })).json() as { blobId: string };
  const answer = await one('Email/parse', { blobIds: [`p-3-m-${id}`, upload.blobId, 'm-gone'], properties: ['id', 'subject', 'textBody', 'bodyValues', 'preview'], fetchTextBodyValues: true });
  expect(answer).toMatchObject({
    parsed: { [`p-3-m-${id}`]: { id: null, subject: 'attached', textBody: [{ partId: '1', blobId: `p-1-p-3-m-${id}` }], bodyValues: { 1: { value: 'inside' } }, preview: 'inside' } },
    notParsable: [upload.blobId],
    notFound: ['m-gone'],
  });
});
