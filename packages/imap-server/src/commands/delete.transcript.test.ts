import { transcript } from '../test/transcript.js';

transcript('a mailbox that another session deletes is empty, and stays selected', async ({ connect }) => {
  const other = await connect();
  await other.run(`
    C: b1 CREATE Gone
    S: b1 OK …
    C: b2 APPEND Gone {1+}
    C: x
    S: b2 OK …`);
  const client = await connect('alice', { select: 'Gone' });
  await other.run(`
    C: b3 DELETE Gone
    S: b3 OK DELETE completed`);
  await client.run(`
    C: a1 NOOP
    S: * 1 EXPUNGE
    S: a1 OK NOOP completed
    C: a2 FETCH 1:* FLAGS
    S: a2 OK FETCH completed`);
});
