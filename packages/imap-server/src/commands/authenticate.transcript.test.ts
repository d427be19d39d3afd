import { transcript } from '../test/transcript.js';

const plain = (text: string): string => Buffer.from(text).toString('base64');
const GOOD = plain('\0alice@example.org\0mail app "password"');

transcript('AUTHENTICATE PLAIN with the response at once', async ({ connect }) => { // RFC 4959
  const client = await connect(null);
  await client.run(`
    C: a1 AUTHENTICATE PLAIN ${GOOD}
    S: a1 OK [CAPABILITY …`);
});

transcript('AUTHENTICATE PLAIN with the response on a line of its own', async ({ connect }) => {
  const client = await connect(null);
  await client.run(`
    C: a1 authenticate plain
    S: +
    C: *
    S: a1 BAD AUTHENTICATE cancelled
    C: a2 AUTHENTICATE PLAIN
    S: +
    C: ${GOOD}
    S: a2 OK [CAPABILITY …`);
});

transcript('AUTHENTICATE refuses', async ({ connect }) => {
  const client = await connect(null);
  await client.run(`
    C: a1 AUTHENTICATE CRAM-MD5
    S: a1 NO [CANNOT] this mechanism is not known here
    C: a2 AUTHENTICATE PLAIN !!!
    S: a2 BAD base64 expected …
    C: a3 AUTHENTICATE PLAIN =
    S: a3 BAD PLAIN message expected
    C: a4 AUTHENTICATE PLAIN ${plain('bob@example.org\0alice@example.org\0x')}
    S: a4 NO [AUTHORIZATIONFAILED] nobody may act for another here
    C: a5 AUTHENTICATE PLAIN ${plain('\0alice@example.org\0wrong')}
    S: a5 NO [AUTHENTICATIONFAILED] wrong address or mail-app password`);
});
