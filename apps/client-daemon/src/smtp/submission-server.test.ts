import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MAX_MESSAGE_BYTES, MAX_RECIPIENTS } from '@paloma/shared-model';
import type { LoginOutcome, OpenAccount } from '@paloma/mail-store/port';
import { isInstalled, outputOf, SmtpConversation, temporaryDirectory } from '@paloma/test-kit';
import { RecordingLog } from '../test/recording-log.js';
import { SubmissionProvider } from '../test/submission-provider.js';
import { ALICE, messagesIn, openTestDevice, type TestDevice } from '../test/test-device.js';
import { TestSending } from '../test/test-sending.js';
import { SubmissionServer, type SubmissionGateway } from './submission-server.js';

const PASSWORD = 'abcd-efgh';
const MESSAGE = `From: Alice <${ALICE}>\r\nTo: ana@example.net\r\nSubject: hello\r\n\r\n.dots\r\n..\r\nend\r\n`;
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const PLAIN = base64(`\0${ALICE}\0${PASSWORD}`);

const directory = temporaryDirectory();
let device: TestDevice;
let sending: TestSending;
let recorded: RecordingLog;
let server: SubmissionServer;
let port: number;
let conversations: SmtpConversation[];
/** What the gateway answers in place of the truth. */
let loginAnswer: (() => Promise<LoginOutcome>) | null;

beforeEach(async () => {
  device = await openTestDevice(directory);
  sending = new TestSending(device, new SubmissionProvider());
  loginAnswer = null;
  recorded = new RecordingLog();
  server = new SubmissionServer(gatewayOf(), recorded.log);
  port = await server.listen('127.0.0.1', 0);
  conversations = [];
});
afterEach(async () => {
  for (const conversation of conversations) conversation.socket.close();
  await server.close();
  await sending.sender.stop();
  device.close();
});

function gatewayOf(): SubmissionGateway {
  const account = { mailStore: device.mailStore, submissions: sending.outbox };
  return {
    logIn: async (address, password) => {
      if (loginAnswer) return loginAnswer();
      return address.toLowerCase() === ALICE && password === PASSWORD ? { ok: true, account } : { ok: false, refusal: 'wrongCredentials' };
    },
  };
}

/** Connects, and logs in unless told not to. */
async function connect({ isLoggedIn = true } = {}): Promise<SmtpConversation> {
  const conversation = await SmtpConversation.open(port);
  conversations.push(conversation);
  await conversation.run('S: 220 paloma ESMTP Paloma');
  if (isLoggedIn) await conversation.run(`${GREETING}\nC: AUTH PLAIN ${PLAIN}\nS: 235 2.7.0 …`);
  return conversation;
}

const GREETING = `
  C: EHLO mail-program
  S: 250-paloma …
  S: 250-PIPELINING
  S: 250-8BITMIME
  S: 250-SMTPUTF8
  S: 250-ENHANCEDSTATUSCODES
  S: 250-DSN
  S: 250-AUTH PLAIN LOGIN
  S: 250-SIZE ${MAX_MESSAGE_BYTES}
  S: 250 CHUNKING
`;

const dotStuffed = (message: string): string => message.replace(/^\./gm, '..');
const submitted = (): Promise<string[]> => messagesIn(device, 'sent');

test('several addresses are listened on, and one that the machine lacks harms nothing', async () => {
  await expect(server.listen('192.0.2.1', 0)).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
  port = await server.listen('127.0.0.1', 0);
  await connect();
});

describe('log-in', () => {
  test('AUTH PLAIN with the password at once, and asked for it', async () => {
    const conversation = await connect({ isLoggedIn: false });
    await conversation.run(`${GREETING}
      C: AUTH PLAIN
      S: 334…
      C: ${PLAIN}
      S: 235 2.7.0 …
      C: QUIT
      S: 221 …`);
    expect(await conversation.socket.readLine()).toBeNull();
  });

  test('AUTH LOGIN', async () => {
    await (await connect({ isLoggedIn: false })).run(`${GREETING}
      C: AUTH LOGIN
      S: 334 VXNlcm5hbWU6
      C: ${base64(ALICE.toUpperCase())}
      S: 334 UGFzc3dvcmQ6
      C: ${base64(PASSWORD)}
      S: 235 2.7.0 …`);
  });

  test.each<[string, string]>([['a wrong password', `\0${ALICE}\0nonsense`], ['a foreign account', `\0ana@example.net\0${PASSWORD}`], ['nothing', '\0\0']])('%s is refused', async (_what, credentials) => {
    await (await connect({ isLoggedIn: false })).run(`${GREETING}\nC: AUTH PLAIN ${base64(credentials)}\nS: 535 5.7.8 address or mail-app password is wrong`);
  });

  test.each<[string, () => Promise<LoginOutcome>, string]>([
    ['while the account is locked', async () => ({ ok: false, refusal: 'locked' }), '454 4.7.0 this account is locked: unlock it in Paloma, then let the mail program try again'],
    ['after too many attempts', async () => ({ ok: false, refusal: 'tooManyAttempts' }), '454 4.7.0 too many attempts: wait a minute'],
    ['that cannot be checked', () => Promise.reject(new Error('store closed')), '454 4.3.0 could not be checked, try again'],
  ])('%s is put off', async (_what, answer, reply) => {
    loginAnswer = answer;
    await (await connect({ isLoggedIn: false })).run(`${GREETING}\nC: AUTH PLAIN ${PLAIN}\nS: ${reply}`);
  });

  test('ends with the password that it was made with', async () => {
    const granted = new AbortController();
    loginAnswer = async () => ({ ok: true, account: { mailStore: device.mailStore, submissions: sending.outbox } as unknown as OpenAccount, revoked: granted.signal });
    const [conversation, other] = [await connect(), await connect({ isLoggedIn: false })];
    granted.abort();
    await conversation.run('S: 421 4.7.0 the password of this mail program was revoked');
    expect(await conversation.socket.readLine()).toBeNull();
    await other.run('C: NOOP\nS: 250 …');
  });

  test('without it nothing is taken', async () => {
    await (await connect({ isLoggedIn: false })).run(`${GREETING}\nC: MAIL FROM:<${ALICE}>\nS: 530 5.7.0 …`);
  });
});

describe('a message', () => {
  const ENVELOPE = `
    C: MAIL FROM:<${ALICE}> BODY=8BITMIME SMTPUTF8
    S: 250 2.1.0 …
    C: RCPT TO:<ana@example.net>
    S: 250 2.1.5 …
    C: RCPT TO:<j\u00fcrgen@example.net>
    S: 250 2.1.5 …
    C: DATA
    S: 354 …
  `;

  test('is durable when it is taken, octet for octet, for everybody in the envelope', async () => {
    const conversation = await connect();
    await conversation.run(ENVELOPE);
    conversation.socket.send(`${dotStuffed(MESSAGE)}.\r\n`);
    await conversation.run('S: 250 2.0.0 queued as …');
    expect((await submitted())[0]?.endsWith(MESSAGE)).toBe(true);
    expect(device.store.list('submission')[0]?.content.recipients.map(({ forwardPath }) => forwardPath)).toEqual(['ana@example.net', 'j\u00fcrgen@example.net']);
  });

  test('may come in chunks (RFC 3030), whatever they hold; nothing is changed in it', async () => {
    const conversation = await connect();
    const [head, rest] = [MESSAGE.slice(0, 50), `${MESSAGE.slice(50)}.\r\nRSET\r\n`];
    conversation.socket.send(`MAIL FROM:<${ALICE}>\r\nRCPT TO:<ana@example.net>\r\nBDAT ${head.length}\r\n${head}BDAT ${rest.length} LAST\r\n${rest}NOOP\r\n`);
    await conversation.run('S: 250 2.1.0 …\nS: 250 2.1.5 …\nS: 250 2.0.0 50 octets received\nS: 250 2.0.0 queued as …\nS: 250 2.0.0 OK');
    expect((await submitted())[0]?.endsWith(`${head}${rest}`)).toBe(true);
  });

  test('in chunks is forgotten at RSET, and refused as a whole where it is refused', async () => {
    const conversation = await connect();
    await conversation.run(`
      C: MAIL FROM:<${ALICE}>
      S: 250 2.1.0 …
      C: RCPT TO:<ana@example.net>
      S: 250 2.1.5 …
      C: BDAT 8
      O: From: xx
      S: 250 2.0.0 …
      C: RSET
      S: 250 2.0.0 …
      C: BDAT 8 LAST
      O: From: xx
      S: 503 5.5.1 …
      C: MAIL FROM:<${ALICE}>
      S: 250 2.1.0 …
      C: RCPT TO:<ana@example.net>
      S: 250 2.1.5 …
      C: BDAT 23 LAST
      O: From: ana@example.net\\r\\n
      S: 550 5.7.1 …
      C: NOOP
      S: 250 2.0.0 OK`);
    expect(await submitted()).toEqual([]);
  });

  test('may come in one packet with its commands, and several after one another', async () => {
    const conversation = await connect();
    const one = (subject: string): string => `MAIL FROM:<${ALICE}>\r\nRCPT TO:<ana@example.net>\r\nDATA\r\n${dotStuffed(MESSAGE).replace('hello', subject)}.\r\n`;
    conversation.socket.send(`${one('first')}${one('second')}NOOP\r\n`);
    const taken = 'S: 250 2.1.0 …\nS: 250 2.1.5 …\nS: 354 …\nS: 250 2.0.0 queued as …\n';
    await conversation.run(`${taken}${taken}S: 250 2.0.0 …`);
    expect(await submitted()).toEqual([expect.stringContaining('Subject: first'), expect.stringContaining('Subject: second')]);
  });

  test.each<[string, string, string, string]>([
    ['with a foreign From', ALICE, MESSAGE.replace(ALICE, 'ana@example.net'), '550 5.7.1 the sender address does not belong to this account'],
    ['with a foreign reverse path', 'ana@example.net', MESSAGE, '550 5.7.1 the sender address does not belong to this account'],
    ['with the null reverse path', '', MESSAGE, '550 5.7.1 the sender address does not belong to this account'],
    ['without a header', ALICE, 'hello\r\n', '550 5.7.1 the sender address does not belong to this account'],
  ])('%s is refused, and the next one is not', async (_what, reversePath, message, reply) => {
    const conversation = await connect();
    await conversation.run(`C: MAIL FROM:<${reversePath}>\nS: 250 2.1.0 …\nC: RCPT TO:<ana@example.net>\nS: 250 2.1.5 …\nC: DATA\nS: 354 …`);
    conversation.socket.send(`${dotStuffed(message)}.\r\n`);
    await conversation.run(`S: ${reply}`);
    expect(await submitted()).toEqual([]);
    await conversation.run(ENVELOPE);
    conversation.socket.send(`${dotStuffed(MESSAGE)}.\r\n`);
    await conversation.run('S: 250 2.0.0 queued as …');
  });

  test('that says it is too large is refused before it comes', async () => {
    await (await connect()).run(`C: MAIL FROM:<${ALICE}> SIZE=${MAX_MESSAGE_BYTES + 1}\nS: 552 5.3.4 …\nC: MAIL FROM:<${ALICE}> SIZE=${MAX_MESSAGE_BYTES}\nS: 250 2.1.0 …`);
  });

  test('that is too large without saying so is refused after it came', async () => {
    const conversation = await connect();
    await conversation.run(ENVELOPE);
    const line = `${'x'.repeat(998)}\r\n`;
    conversation.socket.send(MESSAGE);
    conversation.socket.send(Buffer.alloc(MAX_MESSAGE_BYTES, line));
    await new Promise<void>((resolve) => conversation.socket.socket.write('\r\n.\r\n', () => resolve()));   // patience begins when it is all on its way
    await conversation.run('S: 552 5.3.4 …\nC: NOOP\nS: 250 …');
    expect(await submitted()).toEqual([]);
  }, 30_000);

  test('that cannot be stored is put off', async () => {
    sending.outbox.submit = () => Promise.reject(new Error('disk full'));
    const conversation = await connect();
    await conversation.run(ENVELOPE);
    conversation.socket.send(`${dotStuffed(MESSAGE)}.\r\n`);
    await conversation.run('S: 451 4.3.0 could not be stored, try again');
  });

  test.each<[string, string]>([
    ['NUL octets', MESSAGE.replace('end', 'e\0nd\0')],
    ['bare line feeds', MESSAGE.replaceAll('\r\n', '\n')],
    ['bare carriage returns', MESSAGE.replace('end', 'e\rn\rd')],
    ['octets that are no UTF-8', MESSAGE.replace('hello', '\xff\xfe')],
    ['a line without end', MESSAGE.replace('end', 'x'.repeat(20_000))],
    ['an end of DATA that is none', MESSAGE.replace('end', 'a\n.\nMAIL FROM:<b>')],
  ])('with %s is answered like any other', async (_what, message) => {
    const conversation = await connect();
    await conversation.run(ENVELOPE);
    conversation.socket.send(Buffer.from(dotStuffed(message), 'latin1'));
    conversation.socket.send('\r\n.\r\n');
    await conversation.run('S: 250 2.0.0 queued as …\nC: NOOP\nS: 250 …');
    await sending.sender.wake();
    expect(sending.provider.taken).toHaveLength(1);
  });

  test('whose client goes away in the middle is forgotten, and the server goes on', async () => {
    const first = await connect();
    await first.run(ENVELOPE);
    first.socket.send(MESSAGE);
    first.socket.close();
    expect(await recorded.containing('submission was not stored')).not.toMatch(/alice|ana@|hello/);
    const conversation = await connect();
    await conversation.run('C: NOOP\nS: 250 …');
    expect(await submitted()).toEqual([]);
  });
});

test('a parameter that belongs to no extension here is refused: its sender must not rely on it', async () => {
  const conversation = await connect();
  for (const parameter of ['NOTIFY=NEVER', 'HOLDFOR=60', 'BY=60;R', 'MT-PRIORITY=3']) await conversation.run(`C: MAIL FROM:<${ALICE}> ${parameter}\nS: 555 5.5.4 …`);
  await conversation.run(`
    C: MAIL FROM:<${ALICE}> REQUIRETLS
    S: 530 …
    C: MAIL FROM:<${ALICE}> SIZE=10 BODY=8BITMIME SMTPUTF8 AUTH=<>
    S: 250 2.1.0 …
    C: RCPT TO:<ana@example.net> RET=FULL
    S: 555 5.5.4 …
    C: RCPT TO:<ana@example.net>
    S: 250 2.1.5 …`);
});

test('what notices a program asks for (DSN) is kept with each recipient, and handed over', async () => {
  const conversation = await connect();
  await conversation.run(`
    C: MAIL FROM:<${ALICE}> RET=FULL ENVID=QQ+2B1
    S: 250 2.1.0 …
    C: RCPT TO:<ana@example.net> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;Ana@example.net
    S: 250 2.1.5 …
    C: RCPT TO:<bob@example.net> NOTIFY=NEVER,DELAY
    S: 501 5.5.4 NOTIFY must be NEVER, or a list of SUCCESS, FAILURE and DELAY
    C: RCPT TO:<bob@example.net> NOTIFY=NEVER
    S: 250 2.1.5 …
    C: RCPT TO:<carol@example.net>
    S: 250 2.1.5 …
    C: DATA
    S: 354 …`);
  conversation.socket.send(`${dotStuffed(MESSAGE)}.\r\n`);
  await conversation.run('S: 250 2.0.0 queued as …');
  const { returnedPart, envelopeId, recipients } = device.store.list('submission')[0]!.content;
  expect({ returnedPart, envelopeId }).toEqual({ returnedPart: 'FULL', envelopeId: 'QQ+1' });
  expect(recipients.map(({ notify, originalRecipient }) => [notify, originalRecipient])).toEqual([[['SUCCESS', 'DELAY'], 'rfc822;Ana@example.net'], [[], undefined], [undefined, undefined]]);
  await sending.sender.wake();
  expect(sending.provider.taken.map(({ notifications }) => notifications)).toMatchObject([{
    returnedPart: 'FULL', envelopeId: 'QQ+1', recipients: [{ notify: ['SUCCESS', 'DELAY'], originalRecipient: 'rfc822;Ana@example.net' }, { notify: [] }, {}],
  }]);
});

describe('recipients', () => {
  test('that name no mailbox we could send to are refused one by one', async () => {
    await (await connect()).run(`
      C: MAIL FROM:<${ALICE}>
      S: 250 2.1.0 …
      C: RCPT TO:<ana,b@example.net>
      S: 553 5.1.3 a recipient address is malformed
      C: RCPT TO:<ana@example.net>
      S: 250 2.1.5 …`);
  });

  test('beyond the most are put off', async () => {
    const conversation = await connect();
    await conversation.run(`C: MAIL FROM:<${ALICE}>\nS: 250 2.1.0 …`);
    for (let index = 0; index < MAX_RECIPIENTS; index += 1) await conversation.run(`C: RCPT TO:<r${index}@example.net>\nS: 250 2.1.5 …`);
    await conversation.run('C: RCPT TO:<last@example.net>\nS: 452 4.5.3 …');
  });
});

test('noise in place of commands ends the connection, not the server', async () => {
  const conversation = await connect({ isLoggedIn: false });
  conversation.socket.send(Buffer.alloc(1024 * 1024, '\0\x01\xff'));
  for (let line: string | null = ''; line !== null; line = await conversation.socket.readLine()) expect(line).toMatch(/^(?:|[45]\d\d .*)$/);
  await (await connect()).run('C: NOOP\nS: 250 …');
});

const SMTPLIB_SESSION = `
import smtplib, sys
message = sys.stdin.buffer.read()
with smtplib.SMTP('127.0.0.1', int(sys.argv[1]), timeout=10) as client:
    client.ehlo()
    assert client.has_extn('size') and client.has_extn('smtputf8') and client.has_extn('8bitmime') and client.has_extn('pipelining')
    try:
        client.login('alice@example.org', 'nonsense')
        raise AssertionError('let in')
    except smtplib.SMTPAuthenticationError as error:
        assert error.smtp_code == 535, error
    client.login('alice@example.org', sys.argv[2])
    refused = client.sendmail('alice@example.org', ['ana@example.net', 'x' * 65 + '@example.net'], message)
    assert [code for code, _ in refused.values()] == [553], refused
print('done')
`;

if (isInstalled('python3')) test('smtplib logs in and submits', async () => {
  expect((await outputOf('python3', ['-c', SMTPLIB_SESSION, String(port), PASSWORD], MESSAGE)).toString()).toBe('done\n');
  expect((await submitted())[0]?.endsWith(MESSAGE)).toBe(true);
});

if (isInstalled('curl')) test('curl logs in and submits', async () => {
  const file = join(mkdtempSync(join(directory, 'curl-')), 'message.eml');
  writeFileSync(file, MESSAGE);
  const config = [`url = "smtp://127.0.0.1:${port}/mail-program"`, `user = "${ALICE}:${PASSWORD}"`, `mail-from = "${ALICE}"`, 'mail-rcpt = "ana@example.net"', `upload-file = "${file}"`, 'silent', 'show-error'];
  await outputOf('curl', ['--config', '-'], config.join('\n'));
  expect((await submitted())[0]?.endsWith(MESSAGE)).toBe(true);
});
