import type { MailboxId } from '@paloma/shared-model';
import { describe } from '@jest/globals';
import { transcript, type Stage } from '../test/transcript.js';

const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2026, 0, 1); // where the test clock stands

async function withMessages(stage: Stage): Promise<void> {
  const store = stage.storeOf('alice');
  const append = (text: string, keywords: string[], agoMs: number): Promise<unknown> =>
    store.append({ octets: Buffer.from(text), mailboxIds: ['inbox' as MailboxId], keywords, receivedAtMs: NOW_MS - agoMs });
  await append('From: ann@example.org\r\nTo: alice@example.org\r\nSubject: Grüße\r\nDate: Wed, 31 Dec 2025 12:00:00 +0000\r\n\r\nfirst body', ['$seen', 'work'], DAY_MS);
  await append('From: bob@example.org\r\nCc: ann@example.org\r\nSubject: second\r\nDate: Mon, 1 Dec 2025 12:00:00 +0000\r\nX-Tag: yes\r\n\r\nsecond body', ['$flagged'], 3600_000);
  await append(`From: carl@example.org\r\nSubject: third\r\nDate: Thu, 1 Jan 2026 00:00:00 +0000\r\n\r\n${'long '.repeat(100)}`, [], 1000);
}

// Every key of RFC 3501 §6.4.4 and of the extensions, over the three messages above.
describe('SEARCH', () => {
  transcript('answers each key', async (stage) => {
    await withMessages(stage);
    const client = await stage.connect('alice', { select: 'INBOX' });
    const rows: [keys: string, found: string][] = [
      ['ALL', '1 2 3'], ['2:3', '2 3'], ['UID 1,3', '1 3'], ['*', '3'], ['7:9', ''], ['SEEN', '1'], ['UNSEEN', '2 3'], ['FLAGGED', '2'], ['UNFLAGGED', '1 3'],
      ['ANSWERED', ''], ['UNANSWERED', '1 2 3'], ['DRAFT', ''], ['UNDRAFT', '1 2 3'], ['DELETED', ''], ['UNDELETED', '1 2 3'], ['KEYWORD Work', '1'], ['UNKEYWORD work', '2 3'],
      ['RECENT', ''], ['NEW', ''], ['OLD', '1 2 3'],
      ['FROM ann', '1'], ['CC ANN', '2'], ['TO alice', '1'], ['BCC x', ''], ['SUBJECT second', '2'], ['BODY "first body"', '1'], ['TEXT second', '2'], ['TEXT ""', '1 2 3'], ['CC ""', '2'],
      ['HEADER X-Tag YES', '2'], ['HEADER X-Tag ""', '2'], ['HEADER Date ""', '1 2 3'],
      ['BEFORE 1-Jan-2026', '1 2 3'], ['ON 31-Dec-2025', '1 2 3'], ['SINCE 1-Jan-2026', ''], ['SENTBEFORE 31-Dec-2025', '2'], ['SENTON 31-Dec-2025', '1'], ['SENTSINCE "31-Dec-2025"', '1 3'],
      ['SAVEDSINCE 1-Jan-2026', '1 2 3'], ['SAVEDBEFORE 1-Jan-2026', ''], ['SAVEDATESUPPORTED', '1 2 3'],
      ['LARGER 500', '3'], ['SMALLER 500', '1 2'], ['OLDER 3600', '1 2'], ['YOUNGER 3600', '2 3'],
      ['NOT SEEN NOT FROM bob', '3'], ['OR FROM bob SEEN', '1 2'], ['OR (SEEN FROM bob) (UNSEEN LARGER 500)', '3'], ['(FROM ann OR SUBJECT x SEEN)', '1'], ['NOT (NOT FROM bob)', '2'],
      ['CHARSET utf-8 SUBJECT {7+}\r\ngrüße', '1'], ['SUBJECT "GRÜ"', '1'],
    ];
    for (const [keys, found] of rows) {
      client.send(`s SEARCH ${keys}\r\n`);
      await client.run(`S: * SEARCH ${found}\nS: s OK SEARCH completed`);
    }
  });

  transcript('returns what RETURN asks for', async (stage) => { // RFC 4731
    await withMessages(stage);
    const client = await stage.connect('alice', { select: 'INBOX' });
    await client.run(`
      C: a1 SEARCH RETURN (MIN MAX COUNT) UNSEEN
      S: * ESEARCH (TAG "a1") MIN 2 MAX 3 COUNT 2
      S: a1 OK SEARCH completed
      C: a2 UID SEARCH RETURN () ALL
      S: * ESEARCH (TAG "a2") UID ALL 1:3
      S: a2 OK SEARCH completed
      C: a3 SEARCH RETURN (MIN COUNT ALL) DRAFT
      S: * ESEARCH (TAG "a3") COUNT 0
      S: a3 OK SEARCH completed
      C: a4 SEARCH RETURN (SAVE) UNSEEN
      S: a4 OK SEARCH completed
      C: a5 FETCH $ UID
      S: * 2 FETCH (UID 2)
      S: * 3 FETCH (UID 3)
      S: a5 OK FETCH completed
      C: a6 SEARCH RETURN (SAVE MIN) $
      S: * ESEARCH (TAG "a6") MIN 2
      S: a6 OK SEARCH completed
      C: a7 UID STORE $ +FLAGS.SILENT (\\Seen)
      S: a7 OK STORE completed
      C: a8 SEARCH UNSEEN
      S: * SEARCH 3
      S: a8 OK SEARCH completed
      C: a9 SEARCH RETURN (SAVE) CHARSET KOI8-R TEXT x
      S: a9 NO [BADCHARSET (UTF-8 US-ASCII)] …
      C: b1 FETCH $ UID
      S: b1 OK FETCH completed
      C: b2 SEARCH RETURN (NONE) ALL
      S: b2 BAD …
      C: b3 SEARCH
      S: b3 BAD …`);
  });

  transcript('tells the highest mod-sequence when one was asked for', async (stage) => { // RFC 7162 §3.1.5
    await withMessages(stage);
    const client = await stage.connect('alice', { select: 'INBOX' });
    await client.run(`
      C: a1 FETCH 2:3 MODSEQ
      S: * 2 FETCH (MODSEQ (<second>))
      S: * 3 FETCH (MODSEQ (<third>))
      S: a1 OK FETCH completed
      C: a2 SEARCH MODSEQ <second>
      S: * SEARCH 2 3 (MODSEQ <third>)
      S: a2 OK SEARCH completed
      C: a3 SEARCH RETURN (MIN) MODSEQ "/flags/\\\\seen" all <second>
      S: * ESEARCH (TAG "a3") MIN 2 MODSEQ <second>
      S: a3 OK SEARCH completed
      C: a4 FETCH 2 (EMAILID THREADID)
      S: * 2 FETCH (EMAILID (<email>) THREADID (<thread>))
      S: a4 OK FETCH completed
      C: a5 SEARCH EMAILID <email>
      S: * SEARCH 2
      S: a5 OK SEARCH completed
      C: a6 SEARCH THREADID <thread>
      S: * SEARCH 2
      S: a6 OK SEARCH completed`);
  });
});
