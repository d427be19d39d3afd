import { describe, expect, test } from '@jest/globals';
import { fc, property } from '@paloma/test-kit';
import { ImapDialogue } from './imap-dialogue.js';

const octets = (text: string): Buffer => Buffer.from(text, 'latin1');
const clientSees = (text: string): string[] => new ImapDialogue().received(octets(text));
const serverSees = (text: string): string[] => new ImapDialogue().sent(octets(text));

describe('what the client says', () => {
  test.each<[string, string[]]>([
    ['a1 NOOP\r\n', ['a1 NOOP']],
    ['A0007 UID FETCH 1:*,9 (UID FLAGS BODY.PEEK[HEADER.FIELDS (FROM X-PRIVATE)]<0.100>)\r\n', ['A0007 UID FETCH 1:*,9 (UID FLAGS BODY.PEEK[HEADER.FIELDS (FROM ‹9›)]<0.100>)']],
    ['a LOGIN ana@example.org 12345678\r\n', ['a LOGIN ‹15› ‹8›']],
    ['a LOGIN "ana" "INBOX"\r\n', ['a LOGIN "‹3›" "‹5›"']],
    ['a LOGIN {3+}\r\nana {6+}\r\nsecret\r\nb NOOP\r\n', ['a LOGIN {3 octets} {6 octets}', 'b NOOP']],
    ['a AUTHENTICATE PLAIN AGFuYQBwdw==\r\n', ['a AUTHENTICATE PLAIN ‹12›']],
    ['a AUTHENTICATE PLAIN\r\nAGFuYQBwdzEy\r\n', ['a AUTHENTICATE PLAIN', '‹12›']],
    ['a SELECT INBOX\r\na SELECT Affair\r\na SELECT 2024\r\na SELECT "Inbox"\r\n', ['a SELECT INBOX', 'a SELECT ‹6›', 'a SELECT ‹4›', 'a SELECT "Inbox"']],
    ['a UID COPY 1:5 2024\r\na MOVE 7 2024\r\n', ['a UID COPY 1:5 ‹4›', 'a MOVE 7 ‹4›']],
    ['a UID SEARCH RETURN (MIN) UNSEEN SUBJECT 555 FROM seen HEADER List-Id 99 SMALLER 500\r\n', ['a UID SEARCH RETURN (MIN) UNSEEN SUBJECT ‹3› FROM ‹4› HEADER ‹7› ‹2› SMALLER 500']],
    ['a STORE 1 +FLAGS.SILENT (\\Seen $Forwarded $Affair)\r\n', ['a STORE 1 +FLAGS.SILENT (\\Seen $Forwarded ‹7›)']],
    ['a APPEND Drafts (\\Draft) "23-Nov-2026 10:00:00 +0000" {5}\r\nhello\r\n', ['a APPEND ‹6› (\\Draft) "‹26›" {5 octets}']],
    ['DONE\r\nhello there@example.org\r\n', ['DONE', 'hello ‹17›']],
    ['GET / HTTP/1.1\r\n', ['GET ‹1› ‹8›']],
  ])('%j', (text, lines) => expect(clientSees(text)).toEqual(lines));

  test('also when it comes octet by octet', () => {
    const dialogue = new ImapDialogue();
    const lines = [...'a LOGIN {3+}\r\nana {6+}\r\nsecret\r\nb NOOP\r\n'].flatMap((octet) => dialogue.received(octets(octet)));
    expect(lines).toEqual(['a LOGIN {3 octets} {6 octets}', 'b NOOP']);
  });

  test('a literal that the server refused is not waited for', () => {
    const dialogue = new ImapDialogue();
    expect(dialogue.received(octets('a APPEND INBOX {99999999}\r\n'))).toEqual([]);
    dialogue.sent(octets('a NO [TOOBIG] the literal is too large\r\n'));
    expect(dialogue.received(octets('b NOOP\r\n'))).toEqual(['b NOOP']);
  });
});

describe('what the server says', () => {
  test.each<[string, string[]]>([
    ['* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN X-UNKNOWN] Paloma IMAP ready\r\n', ['* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN ‹9›] Paloma IMAP ready']],
    ['a1 NO [UNAVAILABLE] this account is locked: unlock it in Paloma\r\n', ['a1 NO [UNAVAILABLE] this account is locked: unlock it in Paloma']],
    ['a1 NO ana@example.org is not "Ana"\r\n', ['a1 NO ‹15› is not ‹5›']],
    ['* 12 EXISTS\r\n* LIST (\\HasNoChildren \\Sent) "/" Sent\r\n* STATUS 2024 (MESSAGES 7)\r\n', ['* 12 EXISTS', '* LIST (\\HasNoChildren \\Sent) "/" ‹4›', '* STATUS ‹4› (MESSAGES 7)']],
    ['* 1 FETCH (UID 9 EMAILID (M12ab) BODY[] {12}\r\nhello world! FLAGS (\\Seen))\r\n', ['* 1 FETCH (UID 9 EMAILID (‹5›) BODY[] {12 octets} FLAGS (\\Seen))']],
    ['* 1 FETCH (ENVELOPE ("Mon" "Hi \\"Ana\\"" (("A" NIL "a" "x.org"))))\r\n', ['* 1 FETCH (ENVELOPE ("‹3›" "‹10›" (("‹1›" NIL "‹1›" "‹5›"))))']],
    ['* 1 FETCH (BODYSTRUCTURE ("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "7BIT" 12 1))\r\n', ['* 1 FETCH (BODYSTRUCTURE ("TEXT" "PLAIN" ("‹7›" "‹5›") NIL NIL "7BIT" 12 1))']],
    ['+ idling\r\n+ VXNlcm5hbWU6\r\nnoise from nowhere\r\n', ['+ idling', '+ ‹12›', '‹18›']],
  ])('%j', (text, lines) => expect(serverSees(text)).toEqual(lines));
});

const secret = fc.stringMatching(/^[a-z]{9,14}\d{3}$/);
const PLACES: readonly ((text: string) => string)[] = [
  (text) => `a LOGIN ${text} ${text}\r\n`, (text) => `a AUTHENTICATE PLAIN ${text}\r\n`, (text) => `a AUTHENTICATE PLAIN\r\n${text}\r\n`, (text) => `${text}\r\n`, (text) => `${text} NOOP\r\n`,
  (text) => `a SELECT ${text}\r\n`, (text) => `a SEARCH TEXT "${text}" KEYWORD ${text}\r\n`, (text) => `a APPEND ${text} {${text.length}+}\r\n${text}\r\n`, (text) => `a STORE 1 FLAGS (${text})\r\n`,
  (text) => `a ID ("name" "${text}")\r\n`, (text) => `a RENAME "${text}\r\n`, (text) => `a FETCH 1 BODY[HEADER.FIELDS (${text})]\r\n`,
];

property('nothing of the user is shown, wherever it stands and however the octets are cut', fc.tuple(secret, fc.constantFrom(...PLACES), fc.integer({ min: 1, max: 40 })), ([text, place, cut]) => {
  const dialogue = new ImapDialogue();
  const all = octets(`${place(text)}a NOOP\r\n`);
  const lines: string[] = [];
  for (let offset = 0; offset < all.length; offset += cut) lines.push(...dialogue.received(all.subarray(offset, offset + cut)));
  const asServer = new ImapDialogue().sent(octets(`* ${place(text)}* OK ready\r\n`));
  expect([...lines, ...asServer].join('\n')).not.toContain(text);
  expect(lines.length).toBeGreaterThan(0);
});
