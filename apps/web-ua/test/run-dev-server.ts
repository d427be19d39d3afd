// `npm run dev-server [-- PORT]`: the web UA over sample mail, without a provider.

import { startDevServer } from './dev-server.ts';
import { SAMPLE_MAIL } from './sample-mail.ts';

const server = await startDevServer({ mails: SAMPLE_MAIL, port: Number(process.argv[2] ?? 0) });
await server.account.mailStore.createMailbox({ name: 'Choir' });
await server.account.mailStore.createMailbox({ name: 'House/Garden' });
process.stdout.write(`${server.origin}/#ticket=${server.newTicket()}\n`);
