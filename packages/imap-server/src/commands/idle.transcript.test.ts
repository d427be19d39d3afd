import { transcript } from '../test/transcript.js';

transcript('IDLE tells at once', async (stage) => {
  const [client, other] = [await stage.connect('alice', { select: 'INBOX' }), await stage.connect('alice', { select: 'INBOX' })];
  await client.run(`
    C: a1 IDLE
    S: + idling`);
  await other.run(`
    C: b1 APPEND INBOX {1+}
    C: x
    S: * 1 EXISTS
    S: b1 OK …`);
  await client.run('S: * 1 EXISTS');
  await other.run(`
    C: b2 STORE 1 FLAGS (\\Deleted)
    S: …
    S: b2 OK STORE completed`);
  await client.run('S: * 1 FETCH (FLAGS (\\Deleted))');
  await other.run(`
    C: b3 CLOSE
    S: b3 OK CLOSE completed`);
  await client.run(`
    S: * 1 EXPUNGE
    C: done
    S: a1 OK IDLE completed
    C: a2 IDLE
    S: + idling
    C: a3 NOOP
    S: a2 BAD DONE expected
    C: a4 NOOP
    S: a4 OK NOOP completed`);
});
