import { transcript } from '../test/transcript.js';
import { withMessages } from '../test/with-messages.js';

transcript('COMPRESS makes both ways DEFLATE', async (stage) => { // RFC 4978
  await withMessages(stage, `Subject: long\r\n\r\n${'x'.repeat(3_000_000)}`);
  const client = await stage.connect('alice', { select: 'INBOX' });
  await client.run(`
    C: a1 COMPRESS LZW
    S: a1 NO [CANNOT] …
    C: a2 COMPRESS DEFLATE
    S: a2 OK DEFLATE begins now`);
  client.compress();
  await client.run(`
    C: a3 FETCH 1 (RFC822.SIZE BODY.PEEK[TEXT])
    S: * 1 FETCH (RFC822.SIZE 3000017 BODY[TEXT] {3000000}
    S: xxx…xxx)
    S: a3 OK FETCH completed
    C: a4 COMPRESS DEFLATE
    S: a4 NO [COMPRESSIONACTIVE] …
    C: a5 APPEND INBOX {70000}
    S: + go ahead
    C: ${'y'.repeat(70_000)}
    S: * 2 EXISTS
    S: a5 OK [APPENDUID …
    C: a6 CAPABILITY
    S: * CAPABILITY <capabilities>
    S: a6 OK CAPABILITY completed
    C: a7 LOGOUT
    S: * BYE see you
    S: a7 OK LOGOUT completed`);
  await client.expectEnd();
});

transcript('the server says goodbye compressed', async ({ connect }) => {
  const client = await connect();
  await client.run('C: a1 COMPRESS DEFLATE\nS: a1 OK …');
  client.compress();
  await client.run('C: a2 IDLE\nS: + idling\nS: * BYE nothing was said for too long');
  await client.expectEnd();
}, { limits: { idleTimeoutMs: 1_000 } });

transcript('a connection that goes on as it should not is ended', async ({ connect }) => {
  const [early, plain, stranger] = [await connect(), await connect(), await connect(null)];
  early.send('a1 COMPRESS DEFLATE\r\na2 NOOP\r\n');
  await early.run('S: a1 OK DEFLATE begins now');
  await early.expectEnd();
  await plain.run('C: a1 COMPRESS DEFLATE\nS: a1 OK DEFLATE begins now');
  plain.send(Buffer.alloc(1000, 0xff));
  await plain.expectEnd();
  await stranger.run('C: a1 COMPRESS DEFLATE\nS: a1 BAD log in first');
});
