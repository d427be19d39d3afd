// Messages made to break whoever reads them, each of any size: what is done with them must take time in proportion. Octets
// grow with `units`, about 100 for each.

export interface HostileMessage {
  name: string;
  build(units: number): Uint8Array;
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const texts = (name: string, build: (units: number) => string): HostileMessage => ({ name, build: (units) => utf8(build(units)) });
const times = (count: number, line: (index: number) => string): string => Array.from({ length: count }, (_, index) => line(index)).join('');
const pad = (length: number): string => 'x'.repeat(Math.max(0, length));
const MULTIPART = 'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n';

/** A multipart in a multipart, and so on; the boundaries all begin alike. */
function nested(levels: number): string {
  const opening = times(levels, (level) => `Content-Type: multipart/mixed; boundary=b${level}\r\n\r\n--b${level}\r\n`);
  const closing = times(levels, (level) => `\r\n--b${levels - 1 - level}--\r\n`);
  return `${opening}\r\ninnermost${closing}`;
}

/** Each octet twice in a row of words, so that nothing decodes to the text it stands in. */
function octetsOfAllValues(units: number): Uint8Array {
  const octets = new Uint8Array(units * 100);
  for (let index = 0; index < octets.length; index += 1) octets[index] = (index * 131 + (index >> 8)) & 0xff;
  return octets;
}

function joined(...pieces: Uint8Array[]): Uint8Array {
  const octets = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    octets.set(piece, at);
    at += piece.length;
  }
  return octets;
}

export const HOSTILE_MESSAGES: readonly HostileMessage[] = [
  // Structure
  texts('parts without end', (units) => `${MULTIPART}${times(units, (index) => `--b\r\nContent-Type: text/plain; name="${index}.txt"\r\n\r\n${pad(50)}\r\n`)}--b--\r\n`),
  texts('multiparts within each other', nested),
  texts('messages within each other', (units) => `${times(units, (level) => `Subject: level ${level}\r\nContent-Type: message/rfc822\r\nX-Pad: ${pad(40)}\r\n\r\n`)}Subject: innermost\r\n\r\nx`),
  texts('messages and multiparts by turns', (units) => times(units, (level) => `Content-Type: multipart/digest; boundary=d${level}\r\n\r\n--d${level}\r\nContent-Type: message/rfc822\r\n\r\n`)),
  texts('multiparts that never end', (units) => times(units, (level) => `Content-Type: multipart/mixed; boundary=n${level}\r\n\r\n--n${level}\r\nX-Pad: ${pad(30)}\r\n`)),
  texts('a notice about recipients without end', (units) => `Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n${'\n\nFinal-Recipient: utf-8;\\x{FFFFFFFF}\nAction: failed ((\nStatus: 5.0.0\nDiagnostic-Code: ;;;'.repeat(units)}\r\n--b--\r\n`),
  // Boundaries
  texts('boundaries that are almost there', (units) => `${MULTIPART}--b\r\n\r\n${times(units, (index) => `--${'b'.repeat(2 + (index % 60))}\r\n--b ${pad(index % 7)}.\r\n -- b\r\n`)}\r\n--b--\r\n`),
  texts('closing and opening by turns', (units) => `${MULTIPART}${'--b--\r\n--b\r\n\r\n--b-- --b\r\n--b-\r\n\n--b\n\r--b\r--b--x\r\n'.repeat(2 * units)}`),
  texts('a boundary of one space', (units) => `Content-Type: multipart/mixed; boundary=" "\r\n\r\n${'-- \r\n\r\nx\r\n--  --\r\n'.repeat(5 * units)}`),
  texts('a boundary of nothing', (units) => `Content-Type: multipart/mixed; boundary=""\r\n\r\n${'--\r\n\r\nx\r\n----\r\n'.repeat(6 * units)}`),
  texts('a boundary as long as the message', (units) => `Content-Type: multipart/mixed; boundary="${pad(units * 50)}"\r\n\r\n--${pad(units * 50)}\r\n\r\nx`),
  // Headers
  texts('a header without end', (units) => `Subject: ${pad(units * 100)}`),
  texts('a field folded without end', (units) => `Subject: x\r\n${' \t folded\r\n'.repeat(10 * units)}\r\nbody`),
  texts('fields without end', (units) => `${times(4 * units, (index) => `X-${index}: ${pad(10)}\r\n`)}\r\nbody`),
  texts('fields that may stand once', (units) => `${'From: a@b.example\r\nSubject: s\r\nContent-Type: text/html\r\nDate: x\r\n'.repeat(2 * units)}\r\nbody`),
  texts('header lines that inject', (units) => `Subject: =?utf-8?q?a=0D=0ABcc:_x@y.example=0D=0A?=\r\nFrom: "a\\\r\n b" <a@b.example\r>\r\n${'X: a\rBcc: x@y.example\nTo: b\0@c.example\r\n'.repeat(2 * units)}\r\nbody`),
  texts('no header at all', (units) => `${'no colon here\r\n'.repeat(6 * units)}`),
  // Values
  texts('encoded words without end', (units) => `Subject: ${'=?utf-8?b?4oKs?= '.repeat(6 * units)}\r\n\r\nx`),
  texts('encoded words within encoded words', (units) => `Subject: ${'=?utf-8?q?=3D=3Futf-8=3Fq=3F'.repeat(3 * units)}${'=3F=3D?='.repeat(3 * units)}\r\n\r\nx`),
  texts('encoded words that are broken', (units) => `Subject: ${'=?utf-8?q?=C3?= =?x?y?z?= =?=?=?? ??= =?utf-8?b?====?='.repeat(2 * units)}\r\n\r\nx`),
  texts('charsets that do not exist', (units) => `${MULTIPART}${times(units, (index) => `--b\r\nContent-Type: text/plain; charset="${index % 2 ? 'utf-7' : `x-${index}`}"\r\n\r\n+ADw-${pad(20)}\r\n`)}--b--`),
  texts('charsets of several octets cut in two', (units) => `Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n${'\x1b$B\x1b(J\x0e\x0f'.repeat(10 * units)}`),
  texts('comments within comments', (units) => `From: ${'('.repeat(50 * units)}${')'.repeat(50 * units)} a@b.example\r\n\r\nx`),
  texts('quotes that never close', (units) => `From: ${'"\\"'.repeat(30 * units)}\r\nTo: ${'<@a,'.repeat(10 * units)}\r\n\r\nx`),
  texts('addresses without end', (units) => `To: ${times(3 * units, (index) => `"n, ${index}" <u${index}@d.example>, `)}\r\n\r\nx`),
  texts('groups without end', (units) => `To: ${'g:a@b.example,'.repeat(6 * units)}\r\n\r\nx`),
  texts('references without end', (units) => `References: ${times(6 * units, (index) => `<${index}@x.example> `)}\r\nIn-Reply-To: ${'<'.repeat(10 * units)}\r\n\r\nx`),
  texts('parameters without end', (units) => `Content-Type: text/plain${times(4 * units, (index) => `; name*${index}*=%41%zz"`)}\r\n\r\nx`),
  texts('parameters of an empty name', (units) => `Content-Type: text/plain${'; =;;="";name*=\'\'%'.repeat(5 * units)}\r\n\r\nx`),
  texts('names of prototypes', (units) => `__proto__: a\r\nconstructor: b\r\nContent-Type: text/plain; __proto__="x"; constructor=y; hasOwnProperty=z; name="${'__proto__'.repeat(units)}"\r\n\r\nx`),
  // Bodies
  { name: 'NUL octets', build: (units) => joined(utf8('Subject: a\0b\r\nContent-Type: text/plain\0; charset=utf-8\r\n\r\n'), new Uint8Array(units * 100)) },
  { name: 'every octet there is', build: (units) => joined(utf8('Content-Type: text/plain; charset=utf-8\r\n\r\n'), octetsOfAllValues(units)) },
  { name: 'noise in place of a header', build: octetsOfAllValues },
  texts('base64 of nothing but noise', (units) => `Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n${'=A= *\0\r\n==QUJ'.repeat(8 * units)}`),
  texts('quoted-printable that breaks off', (units) => `Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${`${' '.repeat(30)}=\r\n=4=\n=  \t=ZZ`.repeat(2 * units)}=`),
  texts('HTML that never closes', (units) => `Content-Type: text/html\r\n\r\n${'<a <!-- <![CDATA[ <style> &#x;&amp &lt;"\''.repeat(3 * units)}`),
  texts('HTML within HTML', (units) => `Content-Type: text/html\r\n\r\n${'<div><blockquote>'.repeat(6 * units)}x`),
  texts('lines of nothing', (units) => `Subject: x\r\n\r\n${'\r\n\n\r'.repeat(25 * units)}`),
];
