import { describe, expect, test } from '@jest/globals';
import { parseEmailId } from '@paloma/shared-model';
import { fc, manualClock, property, seededRandom } from '@paloma/test-kit';
import { ACCOUNT_ID, jmapFixture, textAt, type JmapFixture } from '../test/jmap-fixture.js';
import { DEFAULT_JMAP_LIMITS } from '../limits.js';
import { formatBlobId, parseBlobId, type BlobReference } from './blob-reference.js';
import { attachmentDisposition, sanitizeFileName } from './content-disposition.js';
import { UploadStore } from './upload-store.js';

const upload = async ({ fetch }: JmapFixture, octets: Uint8Array, type?: string): Promise<Response> =>
  fetch(`/jmap/upload/${ACCOUNT_ID}`, { method: 'POST', body: new Blob([new Uint8Array(octets)]), headers: type === undefined ? {} : { 'Content-Type': type } });

test('what was uploaded comes back octet for octet', async () => {
  const fixture = await jmapFixture();
  const octets = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7) % 256);
  const response = await upload(fixture, octets, 'Image/PNG; name=x');
  expect(response.status).toBe(201);
  const answer = await response.json();
  expect(answer).toEqual({ accountId: ACCOUNT_ID, blobId: expect.stringMatching(/^u-[A-Za-z0-9_-]{22}$/), type: 'image/png', size: octets.length });
  const download = await fixture.fetch(`/jmap/download/${ACCOUNT_ID}/${textAt(answer, '/blobId')}/x.png?accept=image/png`);
  expect(new Uint8Array(await download.arrayBuffer())).toEqual(octets);
});

test('a download can do nothing in a browser', async () => {
  const fixture = await jmapFixture();
  const id = await fixture.file('Subject: x\n\n<script>alert(1)</script>\n');
  const { headers } = await fixture.fetch(`/jmap/download/${ACCOUNT_ID}/m-${id}/evil%22%0d%0aX-Y:%20z.html?accept=text/html`);
  expect(Object.fromEntries(headers)).toMatchObject({
    'content-type': 'text/html',
    'content-disposition': `attachment; filename="evil___X-Y_ z.html"; filename*=UTF-8''evil___X-Y_%20z.html`,
    'content-security-policy': expect.stringMatching(/^sandbox; default-src 'none'/),
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
});

describe('the type of a download', () => {
  test.each([
    ['is what was asked for', 'application/pdf', 'application/pdf'],
    ['is octets when nothing was asked for', '', 'application/octet-stream'],
    ['has no parameters', 'text/html; charset=utf-7', 'text/html'],
    ['is no header field', 'text/html\r\nX-Y: z', 'application/octet-stream'],
    ['is no other character', 'text/ht"ml', 'application/octet-stream'],
  ])('%s', async (_, accept, expected) => {
    const fixture = await jmapFixture();
    const id = await fixture.file('Subject: x\n\ny\n');
    const response = await fixture.fetch(`/jmap/download/${ACCOUNT_ID}/m-${id}/x?accept=${encodeURIComponent(accept)}`);
    expect(response.headers.get('content-type')).toBe(expected);
  });
});

test('a part is downloaded decoded, also from within an attached message', async () => {
  const fixture = await jmapFixture();
  const inner = 'Content-Type: multipart/mixed; boundary=i\n\n--i\n\ntext\n--i\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\nAAEC\n--i--\n';
  const id = await fixture.file(`Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: message/rfc822\n\n${inner}\n--o--\n`);
  for (const blobId of [`p-2-p-1-m-${id}`, `p-1_2-m-${id}`]) {
    const response = await fixture.fetch(`/jmap/download/${ACCOUNT_ID}/${blobId}/x`);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(Uint8Array.of(0, 1, 2));
  }
});

describe('there is no blob', () => {
  test.each(['m-gone', 'p-9-m-gone', 'u-AAAAAAAAAAAAAAAAAAAAAA', 'nonsense', `${'p-1-'.repeat(70)}m-x`, '..%2f..%2fsession'])('%s', async (blobId) => {
    const { fetch } = await jmapFixture();
    expect((await fetch(`/jmap/download/${ACCOUNT_ID}/${blobId}/x`)).status).toBe(404);
  });

  test('in an account that is not open', async () => {
    const fixture = await jmapFixture();
    const id = await fixture.file('Subject: x\n\ny\n');
    expect((await fixture.fetch(`/jmap/download/another/m-${id}/x`)).status).toBe(404);
    expect((await fixture.fetch('/jmap/upload/another', { method: 'POST', body: 'x' })).status).toBe(404);
  });
});

test('an upload over the limit is refused, and its limit named', async () => {
  const fixture = await jmapFixture({ limits: { maxSizeUpload: 1000 } });
  expect((await upload(fixture, new Uint8Array(1000))).status).toBe(201);
  const refused = await upload(fixture, new Uint8Array(1001));
  expect([refused.status, await refused.json()]).toMatchObject([413, { type: 'urn:ietf:params:jmap:error:limit', limit: 'maxSizeUpload' }]);
});

test('uploads go when they expire, and the oldest when there is no room', () => {
  const clock = manualClock();
  const uploads = new UploadStore({ limits: { ...DEFAULT_JMAP_LIMITS, maxUploadedBytes: 100, uploadLifetimeMs: 1000 }, clock, random: seededRandom(1) });
  const [first, second, third] = [uploads.put(new Uint8Array(60), 'a/a'), uploads.put(new Uint8Array(40), 'b/b'), uploads.put(new Uint8Array(50), 'c/c')];
  expect([first, second, third].map((id) => uploads.get(id)?.mediaType)).toEqual([undefined, 'b/b', 'c/c']);
  clock.advance(1000);
  expect([second, third].map((id) => uploads.get(id))).toEqual([null, null]);
});

const emailId = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/).map(parseEmailId);
const partNumber = fc.array(fc.integer({ min: 1, max: 999 }), { minLength: 1, maxLength: 4 }).map((numbers) => numbers.join('.'));
const reference = fc.tuple(emailId, fc.array(partNumber, { maxLength: 8 })).map(([id, partNumbers]) =>
  partNumbers.reduce<BlobReference>((container, number) => ({ kind: 'part', partNumber: number, container }), { kind: 'message', emailId: id }));

property('a blob id is read as it was written, and is a JMAP id', reference, (value) => {
  const blobId = formatBlobId(value);
  expect(blobId).toMatch(/^[A-Za-z0-9_-]+$/);
  expect(parseBlobId(blobId)).toEqual(blobId.length <= 255 ? value : null);
});

describe('a file name', () => {
  test.each([
    ['a path', '../../etc/passwd', '_.._etc_passwd'],
    ['a hidden file', '.bashrc', 'bashrc'],
    ['an override of direction', 'a\u202egpj.exe', 'a_gpj.exe'],
    ['nothing', '', 'download'],
    ['dots', '..', 'download'],
    ['half a character', 'a\ud800', 'a\ufffd'],
  ])('that is %s becomes harmless', (_, name, safe) => {
    expect(sanitizeFileName(name)).toBe(safe);
  });

  property('never leaves its header field', fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
    expect(attachmentDisposition(name)).toMatch(/^attachment; filename="[^"\\\x00-\x1f\x7f-\uffff]+"; filename\*=UTF-8''[A-Za-z0-9!#$&+.^_`|~%-]+$/);
  });
});
