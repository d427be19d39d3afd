import { transcript } from '../test/transcript.js';
import { withMessages } from '../test/with-messages.js';

transcript('THREAD', async (stage) => {
  await withMessages(stage,
    'Message-ID: <1@x>\r\nSubject: plan\r\nDate: Thu, 1 Jan 2026 10:00:00 +0000\r\n\r\n',
    'Message-ID: <2@x>\r\nReferences: <1@x>\r\nSubject: Re: plan\r\nDate: Thu, 1 Jan 2026 12:00:00 +0000\r\n\r\n',
    'Message-ID: <3@x>\r\nIn-Reply-To: your letter of <1@x> and <2@x>\r\nSubject: other\r\nDate: Thu, 1 Jan 2026 11:00:00 +0000\r\n\r\n',
    'Subject: =?utf-8?q?Re:_Pl=C3=A4ne?=\r\n\r\n',
    'Subject: PLÄNE\r\n\r\n',
    'Subject: gone\r\n\r\n');
  const client = await stage.connect('alice', { select: 'INBOX' });
  await client.run(`
    C: a1 STORE 6 +FLAGS.SILENT (\\Deleted)
    S: a1 OK STORE completed
    C: a2 EXPUNGE
    S: * 6 EXPUNGE
    S: a2 OK EXPUNGE completed
    C: a3 THREAD REFERENCES UTF-8 ALL
    S: * THREAD (5 4)(1 (3)(2))
    S: a3 OK THREAD completed
    C: a4 UID THREAD ORDEREDSUBJECT US-ASCII ALL
    S: * THREAD (4 5)(1 2)(3)
    S: a4 OK THREAD completed
    C: a5 THREAD REFERENCES UTF-8 NOT 1
    S: * THREAD (5 4)((3)(2))
    S: a5 OK THREAD completed
    C: a6 THREAD REFERENCES UTF-8 DRAFT
    S: * THREAD
    S: a6 OK THREAD completed
    C: a7 THREAD JWZ UTF-8 ALL
    S: a7 BAD thread algorithm expected …
    C: a8 THREAD REFERENCES KOI8-R ALL
    S: a8 NO [BADCHARSET (UTF-8 US-ASCII)] …
    C: a9 THREAD REFERENCES ALL
    S: a9 BAD space expected …`);
});
