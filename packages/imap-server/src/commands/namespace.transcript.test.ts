import { transcript } from '../test/transcript.js';

transcript('NAMESPACE and ID', async ({ connect }) => {
  const client = await connect();
  await client.run(`
    C: a1 NAMESPACE
    S: * NAMESPACE (("" "/")) NIL NIL
    S: a1 OK NAMESPACE completed
    C: a2 ID ("name" "test" "version" NIL)
    S: * ID ("name" "Paloma")
    S: a2 OK ID completed
    C: a3 ID NIL
    S: * ID ("name" "Paloma")
    S: a3 OK ID completed`);
});
