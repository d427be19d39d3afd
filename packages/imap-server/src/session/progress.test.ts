import { transcript } from '../test/transcript.js';
import { withMessages } from '../test/with-messages.js';

transcript('a long command tells how far it is', async (stage) => { // RFC 9585
  await withMessages(stage, ...Array.from({ length: 450 }, () => 'Subject: x\r\n\r\n'));
  const store = stage.storeOf('alice');
  const getEmails = store.getEmails.bind(store);
  const client = await stage.connect('alice', { select: 'INBOX' });
  const isSlow = { by: 6000 };
  store.getEmails = async (emailIds) => {
    stage.clock.advance(isSlow.by);
    return getEmails(emailIds);
  };
  await client.run(`
    C: a1 UID SEARCH RETURN (COUNT) EMAILID M0
    S: * OK [INPROGRESS ("a1" 400 450)] 400 of 450 messages
    S: * ESEARCH (TAG "a1") UID COUNT 0
    S: a1 OK SEARCH completed`);
  isSlow.by = 100;
  await client.run(`
    C: a2 UID SEARCH RETURN (COUNT) EMAILID M0
    S: * ESEARCH (TAG "a2") UID COUNT 0
    S: a2 OK SEARCH completed`);
});
