import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SMTPServerOptions } from 'smtp-server';
import { envelopeFor, ListenerFixture, refusal } from '../test/listener-fixture.js';

const BOB = 'bob@here.example';
let fixture: ListenerFixture;

beforeEach(async () => {
  fixture = await ListenerFixture.start();
});
afterEach(() => fixture.stop());

async function restart(options: SMTPServerOptions): Promise<void> {
  await fixture.stop();
  fixture = await ListenerFixture.start(options);
}

test('is offered after EHLO, unless BDAT is switched off', async () => {
  expect((await fixture.connect()).extensions).toEqual(['PIPELINING', '8BITMIME', 'SMTPUTF8', 'ENHANCEDSTATUSCODES', 'SIZE 100', 'CHUNKING']);
  await restart({ disabledCommands: ['AUTH', 'STARTTLS', 'BDAT'] });
  const conversation = await fixture.connect();
  expect(conversation.extensions).not.toContain('CHUNKING');
  await conversation.run('C: BDAT 0 LAST\nS: 500 5.5.2 …');
});

describe('a message', () => {
  test('in one chunk', async () => {
    await (await fixture.connect(BOB)).run('C: BDAT 11 LAST\nO: A: b\\r\\n\\r\\nx.y\nS: 250 2.6.0 taken');
    expect(fixture.messages).toEqual(['A: b\r\n\r\nx.y']);
  });

  test('in several, each answered when it is there', async () => {
    await (await fixture.connect(BOB)).run(`
      C: BDAT 8
      O: A: b\\r\\n\\r\\n
      S: 250 2.0.0 8 octets received
      C: BDAT 3
      O: x\\r\\n
      S: 250 2.0.0 3 octets received
      C: BDAT 1 LAST
      O: y
      S: 250 2.6.0 taken`);
    expect(fixture.messages).toEqual(['A: b\r\n\r\nx\r\ny']);
  });

  test('with empty chunks, and of nothing else', async () => {
    const conversation = await fixture.connect(BOB);
    await conversation.run('C: BDAT 1\nO: x\nS: 250 2.0.0 …\nC: BDAT 0\nS: 250 2.0.0 0 octets received\nC: BDAT 0 LAST\nS: 250 2.6.0 taken');
    await conversation.run(`${envelopeFor([BOB])}\nC: BDAT 0 LAST\nS: 250 2.6.0 taken`);
    expect(fixture.messages).toEqual(['x', '']);
  });

  test('is taken octet for octet: no dot ends it, none is taken away, no line end is made or missed', async () => {
    const text = '.\r\n..\r\n\r\n.\r\nQUIT\r\n\0\n.\n\r.\rMAIL FROM:<evil@outside.example>\r\n\xff.';
    const conversation = await fixture.connect(BOB);
    conversation.socket.send(Buffer.from(`BDAT ${text.length} LAST\r\n${text}NOOP\r\n`, 'latin1'));
    await conversation.run('S: 250 2.6.0 taken\nS: 250 2.0.0 OK');
    expect(fixture.messages).toEqual([text]);
  });

  test('in one packet with its envelope, with others by DATA and BDAT, and with QUIT', async () => {
    const conversation = await fixture.connect();
    const envelope = `MAIL FROM:<a@outside.example>\r\nRCPT TO:<${BOB}>\r\n`;
    conversation.socket.send(`${envelope}BDAT 3\r\noneBDAT 3 LAST\r\ntwo${envelope}DATA\r\n..three\r\n.\r\n${envelope}BDAT 4 LAST\r\nfourQUIT\r\n`);
    const accepted = 'S: 250 2.1.0 …\nS: 250 2.1.5 …\n';
    await conversation.run(`${accepted}S: 250 2.0.0 …\nS: 250 2.6.0 taken\n${accepted}S: 354 …\nS: 250 2.6.0 taken\n${accepted}S: 250 2.6.0 taken\nS: 221 …`);
    expect(fixture.messages).toEqual(['onetwo', '.three\r\n', 'four']);
  });
});

describe('between two chunks', () => {
  test.each([
    ['RSET', '250 2.0.0 …'],
    ['HELO client.example', '250 …'],
  ])('%s forgets those that came, and the next message is whole', async (command, reply) => {
    const conversation = await fixture.connect(BOB);
    await conversation.run(`
      C: BDAT 3
      O: one
      S: 250 …
      C: ${command}
      S: ${reply}
      C: BDAT 3 LAST
      O: two
      S: 503 5.5.1 …
      ${envelopeFor([BOB])}
      C: BDAT 5 LAST
      O: three
      S: 250 2.6.0 taken
      C: NOOP
      S: 250 2.0.0 OK`);
    await fixture.abandonments(1);
    expect(fixture.messages).toEqual(['three']);
  });

  test('QUIT ends it all', async () => {
    const conversation = await fixture.connect(BOB);
    await conversation.run('C: BDAT 3\nO: one\nS: 250 …\nC: QUIT\nS: 221 …');
    expect(await conversation.socket.readLine()).toBeNull();
    conversation.socket.close();
    await fixture.abandonments(1);
    expect(fixture.messages).toEqual([]);
  });

  test('DATA and another envelope are out of order, NOOP is not, and the message goes on', async () => {
    await (await fixture.connect(BOB)).run(`
      C: BDAT 3
      O: one
      S: 250 …
      C: DATA
      S: 503 5.5.1 …
      C: RCPT TO:<late@here.example>
      S: 503 5.5.1 …
      C: MAIL FROM:<>
      S: 503 5.5.1 …
      C: NOOP
      S: 250 2.0.0 OK
      C: BDAT 3 LAST
      O: two
      S: 250 2.6.0 taken`);
    expect(fixture.messages).toEqual(['onetwo']);
  });
});

describe('a chunk that is not wanted is read before it is refused', () => {
  test.each([
    ['without MAIL', []],
    ['without RCPT', ['MAIL FROM:<>']],
    ['when all recipients were refused', ['MAIL FROM:<>', 'RCPT TO:<nobody@here.example>']],
  ])('%s', async (_when, envelope) => {
    const conversation = await fixture.connect();
    conversation.socket.send(`${[...envelope, 'BDAT 6', 'QUIT', 'BDAT 9 LAST', 'x', 'QUIT', ''].join('\r\n')}NOOP\r\n`);
    for (const _line of envelope) await conversation.socket.readLine();
    await conversation.run('S: 503 5.5.1 …\nS: 503 5.5.1 …\nS: 250 2.0.0 OK');
  });

  test('when those before were too much', async () => {
    const conversation = await fixture.connect(BOB);
    conversation.socket.send(`BDAT 60\r\n${'x'.repeat(60)}BDAT 60\r\n${'y'.repeat(60)}BDAT 6\r\nQUIT\r\nBDAT 6 LAST\r\nQUIT\r\nNOOP\r\n`);
    await conversation.run('S: 250 2.0.0 …\nS: 552 5.3.4 too large\nS: 503 5.5.1 …\nS: 503 5.5.1 …\nS: 250 2.0.0 OK');
    expect(fixture.messages).toEqual([]);
  });

  test('and is wanted up to the last octet of the limit', async () => {
    await (await fixture.connect(BOB)).run(`C: BDAT 60\nO: ${'x'.repeat(60)}\nS: 250 …\nC: BDAT 40 LAST\nO: ${'y'.repeat(40)}\nS: 250 2.6.0 taken`);
  });
});

describe('a handler', () => {
  const CHUNK = 'x'.repeat(40);

  test.each<[string, NonNullable<SMTPServerOptions['onData']>]>([
    ['without reading', (_stream, _session, callback) => callback(refusal(550, '5.7.1 not this one'))],
    ['breaking off', (stream, _session, callback) => { stream.once('data', () => { stream.destroy(); callback(refusal(550, '5.7.1 not this one')); }); }],
  ])('that refuses %s is heard after the last chunk', async (_how, onData) => {
    await restart({ onData });
    await (await fixture.connect(BOB)).run(`
      C: BDAT 40
      O: ${CHUNK}
      S: 250 2.0.0 …
      C: BDAT 40 LAST
      O: ${CHUNK}
      S: 550 5.7.1 not this one
      C: NOOP
      S: 250 2.0.0 OK`);
  });

  test('that would take half a message is not believed', async () => {
    await restart({ onData: (stream, _session, callback) => { stream.resume().on('end', () => callback(null, 'taken')); } });
    await (await fixture.connect(BOB)).run(`C: BDAT 101\nO: ${'x'.repeat(101)}\nS: 552 5.3.4 message is too large`);
  });
});

describe('LMTP', () => {
  beforeEach(() => restart({ lmtp: true }));
  const EVE = 'eve@here.example';

  test('a chunk has one reply, the last one has one for each recipient', async () => {
    await (await fixture.connect(BOB, EVE)).run('C: BDAT 3\nO: one\nS: 250 2.0.0 …\nC: BDAT 3 LAST\nO: two\nS: 250 2.6.0 taken\nS: 250 2.6.0 taken\nC: NOOP\nS: 250 2.0.0 OK');
  });

  test('so has the last one of a message that is too large, whichever chunk made it so', async () => {
    const chunk = `O: ${'x'.repeat(60)}`;
    await (await fixture.connect(BOB, EVE)).run(`C: BDAT 60\n${chunk}\nS: 250 …\nC: BDAT 60\n${chunk}\nS: 250 …\nC: BDAT 60 LAST\n${chunk}\nS: 552 5.3.4 …\nS: 552 5.3.4 …\nC: NOOP\nS: 250 2.0.0 OK`);
  });
});
