import { transcript } from '../test/transcript.js';

transcript('GETQUOTA and GETQUOTAROOT tell what the account takes up', async ({ connect, gateway }) => { // RFC 9208
  const client = await connect();
  await client.run(`
    C: a1 GETQUOTAROOT INBOX
    S: * QUOTAROOT INBOX ""
    S: * QUOTA "" (STORAGE 10 976)
    S: a1 OK GETQUOTAROOT completed
    C: a2 GETQUOTA ""
    S: * QUOTA "" (STORAGE 10 976)
    S: a2 OK GETQUOTA completed
    C: a3 GETQUOTA other
    S: a3 NO [NONEXISTENT] …
    C: a4 GETQUOTAROOT nowhere
    S: a4 NO [NONEXISTENT] …`);
  gateway.usage = null;
  await client.run(`
    C: a5 GETQUOTA ""
    S: a5 NO [UNAVAILABLE] …
    C: a6 GETQUOTAROOT Sent
    S: * QUOTAROOT Sent ""
    S: a6 OK GETQUOTAROOT completed`);
});
