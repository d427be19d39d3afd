import { transcript } from '../test/transcript.js';
import { withMessages } from '../test/with-messages.js';

transcript('a long command tells how far it is', async (stage) => { // RFC 9585
  await withMessages(stage, ...Array.from({ length: 450 }, () => 'Subject: x\r\n\r\n'));
  const store = stage.storeOf('alice');
  const getEnvelopes = store.getEnvelopes.bind(store);
  const client = await stage.connect('alice', { select: 'INBOX' });
  const isSlow = { by: 6000 };
  store.getEnvelopes = async (mailboxId, uids) => {
    stage.clock.advance(isSlow.by);
    return getEnvelopes(mailboxId, uids);
  };
  await client.run(`
    C: a1 UID SORT RETURN (COUNT) (SUBJECT) UTF-8 ALL
    S: * OK [INPROGRESS ("a1" 400 450)] 400 of 450 messages
    S: * ESEARCH (TAG "a1") UID COUNT 450
    S: a1 OK SORT completed`);
  isSlow.by = 100;
  await client.run(`
    C: a2 UID SORT RETURN (COUNT) (SUBJECT) UTF-8 ALL
    S: * ESEARCH (TAG "a2") UID COUNT 450
    S: a2 OK SORT completed
    C: a3 THREAD REFERENCES UTF-8 ALL
    S: * THREAD …
    S: a3 OK THREAD completed`);
});
