import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { dkimVerdicts } from '../test/dkim-verdicts.js';
import { SmtpClient } from '../test/smtp-client.js';
import { testProvider } from '../test/test-provider.js';

const MESSAGE = 'From: Alice <alice@example.org>\r\nTo: c@outside.example\r\nBcc: hidden@outside.example\r\nSubject: canary-subject\r\n\r\ncanary-body\r\n';
const provider = testProvider();
let client: SmtpClient;
let token: string;

beforeEach(async () => {
  client = await SmtpClient.connect(provider.providerMx.ports.submission);
  token = provider.services.addSession('alice@example.org');
});
afterEach(async () => {
  client.close();
  await provider.providerMx.worker.drain();
  await provider.providerMx.dataSource.query('TRUNCATE provider_mx.outgoing_acceptance, provider_mx.submission_usage');
  provider.services.forget();
  provider.outside.forget();
});

const sent = async (): Promise<typeof provider.outside.messages> => {
  await provider.providerMx.worker.drain();
  return provider.outside.messages;
};

describe('log-in', () => {
  test('an address of the account and a session token', async () => {
    expect(await client.logIn('Alice@example.org', token)).toMatch(/^235 2\.7\.0 /);
  });

  test('AUTH LOGIN too', async () => {
    const base64 = (text: string): string => Buffer.from(text).toString('base64');
    await client.command('AUTH LOGIN');
    await client.command(base64('alice@example.org'));
    expect(await client.command(base64(token))).toMatch(/^235 /);
  });

  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const oauthBearer = (address: string, bearer: string): string => base64(`n,a=${address},\x01host=mx.example.org\x01port=465\x01auth=Bearer ${bearer}\x01\x01`);

  test.each([
    ['OAUTHBEARER', () => oauthBearer('alice@example.org', token)],
    ['XOAUTH2', () => base64(`user=alice@example.org\x01auth=Bearer ${token}\x01\x01`)],
  ])('AUTH %s with the token as bearer, at once or when asked for', async (mechanism, response) => {
    expect(await client.command(`AUTH ${mechanism} ${response()}`)).toMatch(/^235 /);
    const other = await SmtpClient.connect(provider.providerMx.ports.submission);
    expect(await other.command(`AUTH ${mechanism}`)).toMatch(/^334/);
    expect(await other.command(response())).toMatch(/^235 /);
    other.close();
  });

  test('OAUTHBEARER tells why before it refuses', async () => {
    const challenge = await client.command(`AUTH OAUTHBEARER ${oauthBearer('bob@example.org', token)}`);
    expect(Buffer.from(challenge.replace(/^334 /, ''), 'base64').toString()).toBe('{"status":"invalid_token","schemes":"bearer"}');
    expect(await client.command('AQ==')).toMatch(/^535 5\.7\.8 /);
    expect(await client.command('MAIL FROM:<alice@example.org>')).toMatch(/^530 /);
  });

  test.each(['bm9uc2Vuc2U=', '*', base64('n,a=alice@example.org,\x01\x01')])('OAUTHBEARER of %s is no log-in', async (response) => {
    await client.command('AUTH OAUTHBEARER');
    expect(await client.command(response)).toMatch(/^501 /);
    expect(await client.command('MAIL FROM:<alice@example.org>')).toMatch(/^530 /);
  });

  test.each([
    ['a token nobody has', 'alice@example.org', 'A'.repeat(43)],
    ['no token at all', 'alice@example.org', 'pass word'],
    ['an address of somebody else', 'bob@example.org', null],
    ['no address', 'alice', null],
  ])('refuses %s', async (_name, address, password) => {
    expect(await client.logIn(address, password ?? token)).toMatch(/^535 5\.7\.8 /);
  });

  test('tells who may log in that the operator has disabled the account, and nobody else', async () => {
    const account = provider.services.accounts.get('alice@example.org')!;
    account.isDisabled = true;
    try {
      expect(await client.logIn('alice@example.org', 'A'.repeat(43))).toMatch(/^535 5\.7\.8 /);
      expect(await client.logIn('alice@example.org', token)).toBe('525 5.7.13 account is disabled, ask the operator');
      expect(await client.command(`AUTH OAUTHBEARER ${oauthBearer('alice@example.org', token)}`)).toMatch(/^525 5\.7\.13 /);
      expect(await client.command('MAIL FROM:<alice@example.org>')).toMatch(/^530 /);
    } finally {
      account.isDisabled = false;
    }
    expect(await client.logIn('alice@example.org', token)).toMatch(/^235 /);
  });

  test.each([
    ['the services API is out', 'POST', 'unavailable'], ['our service token is refused', '', 'unauthorized'],
  ] as const)('is put off when %s', async (_name, onlyMethod, code) => {
    provider.services.sabotage = (method) => (onlyMethod === '' || method === onlyMethod ? code : null);
    expect(await client.logIn('alice@example.org', token)).toMatch(/^454 4\.7\.0 /);
  });

  describe('on an open connection', () => {
    const MAIL = 'MAIL FROM:<alice@example.org>';
    beforeEach(async () => {
      await client.logIn('alice@example.org', token);
    });
    afterEach(() => { provider.services.accounts.get('alice@example.org')!.isDisabled = false; });

    test('holds until the operator disables the account, and again when he enables it', async () => {
      const account = provider.services.accounts.get('alice@example.org')!;
      expect(await client.send('alice@example.org', ['c@outside.example'], MESSAGE)).toMatch(/^250 /);
      account.isDisabled = true;
      provider.clock.advance(5_000);
      for (let index = 0; index < 2; index += 1) expect(await client.command(MAIL)).toBe('525 5.7.13 account is disabled, ask the operator');
      account.isDisabled = false;
      expect(await client.command(MAIL)).toMatch(/^250 /);
    });

    test('ends with its session', async () => {
      provider.services.sessions.delete(token);
      provider.clock.advance(5_000);
      for (let index = 0; index < 2; index += 1) expect(await client.command(MAIL)).toMatch(/^530 5\.7\.0 /);
    });

    test('is put off while nobody can be asked, and asked about once in five seconds', async () => {
      let asked = 0;
      provider.services.sabotage = () => { asked += 1; return 'unavailable'; };
      expect(await client.command(MAIL)).toMatch(/^250 /);
      await client.command('RSET');
      provider.clock.advance(5_000);
      expect([await client.command(MAIL), asked]).toEqual([expect.stringMatching(/^454 4\.7\.0 /), 1]);
      provider.services.forget();
      expect(await client.command(MAIL)).toMatch(/^250 /);
    });
  });

  test('nothing is accepted without it', async () => {
    expect(await client.send('alice@example.org', ['c@outside.example'], MESSAGE)).toMatch(/^530 5\.7\.0 /);
  });
});

describe('senders', () => {
  beforeEach(() => client.logIn('alice@example.org', token));

  test.each([
    ['a foreign reverse path', 'bob@example.org', MESSAGE],
    ['the null reverse path', '', MESSAGE],
    ['a foreign From', 'alice@example.org', MESSAGE.replace('alice@', 'bob@')],
    ['a second From', 'alice@example.org', `From: bob@example.org\r\n${MESSAGE}`],
    ['a foreign address among several', 'alice@example.org', MESSAGE.replace('<alice@example.org>', '<alice@example.org>, bob@example.org')],
    ['a foreign address in a group', 'alice@example.org', MESSAGE.replace('Alice <alice@example.org>', 'Alice: bob@example.org;')],
    ['a foreign Sender', 'alice@example.org', `Sender: bob@example.org\r\n${MESSAGE}`],
    ['no From', 'alice@example.org', 'Subject: x\r\n\r\ny\r\n'],
  ])('refuses %s', async (_name, reversePath, message) => {
    expect(await client.send(reversePath, ['c@outside.example'], message)).toMatch(/^550 5\.7\.1 /);
    expect(await sent()).toEqual([]);
  });

  test('refuses what is no address', async () => {
    await client.command('MAIL FROM:<alice@example.org>');
    expect(await client.command('RCPT TO:<c,d@outside.example>')).toMatch(/^550 5\.1\.3 /);
  });
});

test('EHLO offers this; a message may come in chunks (RFC 3030), and one repeated by DATA is not sent twice', async () => {
  const extensions = (await client.command('EHLO again.example')).split('\n').slice(1).map((line) => line.slice(4));
  expect(extensions).toEqual(['PIPELINING', '8BITMIME', 'SMTPUTF8', 'ENHANCEDSTATUSCODES', 'DSN', 'AUTH PLAIN LOGIN XOAUTH2 OAUTHBEARER', 'SIZE 200000', 'CHUNKING']);
  await client.logIn('alice@example.org', token);
  client.socket.write(`MAIL FROM:<alice@example.org>\r\nRCPT TO:<c@outside.example>\r\nBDAT 30\r\n${MESSAGE.slice(0, 30)}BDAT ${MESSAGE.length - 30} LAST\r\n${MESSAGE.slice(30)}`);
  for (const reply of [/^250 2\.1\.0 /, /^250 2\.1\.5 /, /^250 2\.0\.0 /, /^250 2\.6\.0 queued/]) expect(await client.readReply()).toMatch(reply);
  expect(await client.send('alice@example.org', ['c@outside.example'], MESSAGE)).toMatch(/^250 /);
  const messages = await sent();
  expect(messages).toHaveLength(1);
  expect(messages[0]!.data.endsWith('\r\ncanary-body\r\n')).toBe(true);
});

test('what leaves names no blind recipient and not where the user sits', async () => {
  await client.logIn('alice@example.org', token);
  expect(await client.send('alice@example.org', ['c@outside.example', 'hidden@outside.example'], MESSAGE)).toMatch(/^250 /);
  const [message, ...others] = await sent();
  expect(others).toEqual([]);
  expect(message).toMatchObject({ reversePath: 'alice@example.org', forwardPaths: ['c@outside.example', 'hidden@outside.example'] });
  const { data } = message!;
  expect(data).not.toMatch(/hidden|127\.0\.0\.1|client\.example/);
  expect(data).toMatch(/^Received: by mx\.example\.org with ESMTPA id\s+\S+;\s+Thu, 1 Jan 2026/);
  expect(data.endsWith(MESSAGE.replace('Bcc: hidden@outside.example\r\n', ''))).toBe(true);
});

test('what leaves is signed with both keys of the domain, and keeps its Autocrypt field under the signatures', async () => {
  const autocrypt = 'Autocrypt: addr=alice@example.org; prefer-encrypt=mutual; keydata=\r\n mDMEY2FuYXJ5\r\n';
  await client.logIn('alice@example.org', token);
  expect(await client.send('alice@example.org', ['c@outside.example'], `${autocrypt}${MESSAGE}`)).toMatch(/^250 /);
  const [message] = await sent();
  const { data } = message!;
  expect(data).toContain(autocrypt);
  expect(await dkimVerdicts(data, provider.configuration)).toEqual([['ed25519-sha256', 'pass'], ['rsa-sha256', 'pass']]);
  expect(await dkimVerdicts(data.replace('mDMEY2FuYXJ5', 'mDMEZm9yZ2Vk'), provider.configuration)).toEqual([['ed25519-sha256', 'fail'], ['rsa-sha256', 'fail']]);
});

test('a queued message cannot be read in the database', async () => {
  provider.outside.refuseRecipient = () => ({ code: 451, text: 'later' });
  await client.logIn('alice@example.org', token);
  await client.send('alice@example.org', ['c-canary@outside.example'], MESSAGE);
  await provider.providerMx.worker.drain();
  const rows: unknown = await provider.providerMx.dataSource.query(`
    SELECT encode(sealed, 'escape') AS text, m::text AS message, r::text AS recipient FROM provider_mx.outgoing_message m JOIN provider_mx.outgoing_recipient r USING (message_id)`);
  expect(rows).not.toEqual([]);
  expect(JSON.stringify(rows)).not.toMatch(/canary|alice/);
  expect(JSON.stringify(rows)).not.toContain(Buffer.from('canary').toString('hex'));
});

test('an account that sends too much waits until the hour is over', async () => {
  const send = (address: string, count: number): Promise<string> =>
    client.send(address, Array.from({ length: count }, (_, index) => `r${index}@outside.example`), `From: ${address}\r\n\r\nx\r\n`);
  const { submission } = provider.configuration;
  Object.assign(submission, { messagesPerHour: 2, recipientsPerHour: 5 });
  try {
    await client.logIn('alice@example.org', token);
    expect(await send('alice@example.org', 3)).toMatch(/^250 /);
    expect(await send('alice@example.org', 4)).toMatch(/^452 4\.7\.1 /);
    expect(await send('alice@example.org', 2)).toMatch(/^250 /);
    expect(await send('alice@example.org', 1)).toMatch(/^452 4\.7\.1 /);
    expect(await send('alice@example.org', 3)).toMatch(/^250 /);   // was taken before: its answer may have been lost
    provider.clock.advance(60 * 60 * 1000);
    expect(await send('alice@example.org', 1)).toMatch(/^250 /);
  } finally {
    Object.assign(submission, { messagesPerHour: 300, recipientsPerHour: 1500 });
  }
});
