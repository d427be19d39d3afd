import { transcript } from '../test/transcript.js';
import { withMessages } from '../test/with-messages.js';

const MIXED = [
  'Content-Type: multipart/mixed; boundary=b', '', '--b', 'Content-Transfer-Encoding: base64', '', 'QUJD', 'REVG', '--b',
  'Content-Transfer-Encoding: quoted-printable', '', 'gr=C3=BC=', 'n', '--b', 'Content-Transfer-Encoding: x-uuencode', '', '#0V%T', '--b', '', 'plain', '--b--', '',
].join('\r\n');

transcript('FETCH BINARY gives parts decoded', async (stage) => { // RFC 3516
  await withMessages(stage, MIXED, 'Content-Transfer-Encoding: base64\r\n\r\nAAEC/w==');
  const client = await stage.connect('alice', { select: 'INBOX' });
  await client.run(`
    C: a1 FETCH 1 (BINARY.SIZE[1] BINARY.PEEK[1] BINARY.PEEK[1]<2.3> BINARY.PEEK[2] BINARY.PEEK[4]<1.2> BINARY.PEEK[9] BINARY.SIZE[9])
    S: * 1 FETCH (BINARY.SIZE[1] 6 BINARY[1] ~{6}
    S: ABCDEF BINARY[1]<2> ~{3}
    S: CDE BINARY[2] ~{5}
    S: grün BINARY[4]<1> ~{2}
    S: la BINARY[9] NIL BINARY.SIZE[9] 0)
    S: a1 OK FETCH completed
    C: a2 FETCH 1 BINARY.PEEK[3]
    S: a2 NO [UNKNOWN-CTE] …
    C: a3 FETCH 1 BINARY.SIZE[3]
    S: a3 NO [UNKNOWN-CTE] …
    C: a4 FETCH 1 BINARY[1]<3.100>
    S: * 1 FETCH (BINARY[1]<3> ~{3}
    S: DEF FLAGS (\\Seen))
    S: a4 OK FETCH completed
    C: a5 FETCH 2 BINARY.SIZE[1]
    S: * 2 FETCH (BINARY.SIZE[1] 4)
    S: a5 OK FETCH completed
    C: a6 FETCH 2 (BINARY.PEEK[]<0.7> BINARY.SIZE[])
    S: * 2 FETCH (BINARY[]<0> ~{7}
    S: Content BINARY.SIZE[] 45)
    S: a6 OK FETCH completed
    C: a7 FETCH 1 BINARY[TEXT]
    S: a7 BAD part number expected …
    C: a8 FETCH 1 BINARY.SIZE[1]<0.1>
    S: a8 BAD …`);
});

transcript('a large part is decoded on the way', async (stage) => {
  const lines = `${'QUJD'.repeat(19)}\r\n`.repeat(30_000);
  await withMessages(stage, `Content-Transfer-Encoding: base64\r\n\r\n${lines}`);
  const client = await stage.connect('alice', { select: 'INBOX' });
  await client.run(`
    C: a1 FETCH 1 (BINARY.SIZE[1] BINARY.PEEK[1]<1709990.100>)
    S: * 1 FETCH (BINARY.SIZE[1] 1710000 BINARY[1]<1709990> ~{10}
    S: CABCABCABC)
    S: a1 OK FETCH completed
    C: a2 FETCH 1 BINARY.PEEK[1]<1000000.4>
    S: * 1 FETCH (BINARY[1]<1000000> ~{4}
    S: BCAB)
    S: a2 OK FETCH completed`);
});
