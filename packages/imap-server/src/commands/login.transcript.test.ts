import { transcript } from '../test/transcript.js';

const PASSWORD = '"mail app \\"password\\""';

transcript('LOGIN opens an account and tells what the server can do then', async ({ connect }) => {
  const client = await connect(null);
  await client.run(`
    C: a1 CAPABILITY
    S: * CAPABILITY IMAP4rev2 IMAP4rev1 LITERAL+ SASL-IR AUTH=PLAIN ID
    S: a1 OK CAPABILITY completed
    C: a2 SELECT INBOX
    S: a2 BAD log in first
    C: a3 LOGIN {17}
    S: + go ahead
    C: alice@example.org ${PASSWORD}
    S: a3 OK [CAPABILITY IMAP4rev2 IMAP4rev1 LITERAL+ … logged in
    C: a4 LOGIN alice@example.org ${PASSWORD}
    S: a4 BAD …`);
});

transcript('LOGIN says why it refuses, and what to do', async ({ connect }) => {
  const client = await connect(null);
  await client.run(`
    C: a1 LOGIN alice@example.org wrong
    S: a1 NO [AUTHENTICATIONFAILED] wrong address or mail-app password
    C: a2 LOGIN locked@example.org ${PASSWORD}
    S: a2 NO [UNAVAILABLE] this account is locked: unlock it in Paloma, then let the mail program try again
    C: a3 LOGIN busy@example.org ${PASSWORD}
    S: a3 NO [LIMIT] too many wrong passwords: wait a few minutes, then try again
    C: a4 LOGIN alice@example.org
    S: a4 BAD space expected …`);
});

transcript('a client that goes on guessing is sent away', async ({ connect }) => {
  const client = await connect(null);
  await client.run(`
    C: a1 LOGIN alice@example.org a
    S: a1 NO [AUTHENTICATIONFAILED] …
    C: a2 LOGIN alice@example.org b
    S: a2 NO [AUTHENTICATIONFAILED] …`);
  await client.expectEnd();
}, { limits: { maxFailedLogins: 2 } });

transcript('an account has a bounded number of connections', async ({ connect }) => {
  const first = await connect('alice');
  await connect('bob');
  const second = await connect(null);
  await second.run(`
    C: a1 LOGIN alice@example.org ${PASSWORD}
    S: a1 NO [LIMIT] too many connections to this account: close some mail programs`);
  await first.run(`
    C: a1 LOGOUT
    S: * BYE see you
    S: a1 OK LOGOUT completed`);
  await first.expectEnd();
  await second.run(`
    C: a2 LOGIN alice@example.org ${PASSWORD}
    S: a2 OK …`);
}, { limits: { maxConnectionsPerAccount: 1 } });

transcript('a stranger who says nothing is sent away', async ({ connect }) => {
  const client = await connect(null);
  await client.run('S: * BYE log in sooner');
  await client.expectEnd();
}, { limits: { loginTimeoutMs: 20 } });

transcript('a stranger cannot make the server hold much', async ({ connect }) => {
  const [long, literal] = [await connect(null), await connect(null)];
  long.send('a1 LOGIN '.padEnd(5000, 'x'));
  await long.run('S: a1 BAD the line is too long\nS: * BYE …');
  await long.expectEnd();
  await literal.run(`
    C: a1 LOGIN {5000}
    S: a1 NO [TOOBIG] the literal is too large
    C: a2 APPEND INBOX {5000}
    S: a2 NO [TOOBIG] the literal is too large
    C: a3 NOOP
    S: a3 OK NOOP completed`);
});
