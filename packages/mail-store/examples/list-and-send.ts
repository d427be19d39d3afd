// Lists the newest mail of the inbox, answers it, and shows what becomes of the answer.
//
//   node --conditions=paloma-device examples/list-and-send.ts
//
// `answerNewest` knows only the two ports, so it does the same in the daemon, whose `AccountGateway` gives both to whoever logs in;
// what is submitted there is signed, encrypted and sent. The account here is in memory: what is submitted is filed and goes nowhere.

import { randomBytes, randomUUID } from 'node:crypto';
import { composeMessage, decodeHeaderText, findField, flattenAddresses, parseAddressList, parseHeaderBlock } from '@paloma/mail-format';
import { INBOX_ID, type MailStore, type SubmissionService } from '@paloma/mail-store';
import { createMemoryMailStore, createMemorySubmissionService } from '@paloma/mail-store/memory';
import { parseAccountId, parseMailAddress, systemClock } from '@paloma/shared-model';

const ARRIVED = [
  'From: Bob <bob@example.net>', 'To: ana@example.org', 'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=', 'Message-ID: <1@example.net>', '', 'Shall we meet?', '',
].join('\r\n');

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** What of an account a program needs to read and send. */
interface Account {
  mailStore: MailStore;
  submissions: SubmissionService;
}

async function answerNewest({ mailStore, submissions }: Account, text: string): Promise<void> {
  const { emailIds } = await mailStore.query({ inMailbox: INBOX_ID }, [{ property: 'receivedAt', isAscending: false }],
    { position: 0, limit: 1, collapseThreads: false, calculateTotal: false });
  const [newest] = await mailStore.getEmails(emailIds);
  if (!newest) return print('The inbox is empty.');
  const fields = parseHeaderBlock(newest.headerBlock);
  const header = (name: string): string => findField(fields, name)?.text ?? '';
  const [sender] = flattenAddresses(parseAddressList(header('From')));
  const [recipient] = await submissions.resolveRecipients(sender ? [sender.address] : []);
  if (!sender || !recipient || recipient.state === 'invalid') return print('Nobody can be answered.');
  print(`${sender.name}: ${decodeHeaderText(header('Subject'))} (${newest.preview}); ${recipient.address}: ${recipient.state}`);

  const [identity] = await submissions.identities();
  const octets = composeMessage({
    from: [{ name: identity!.name, address: identity!.address }], to: [{ name: sender.name, address: sender.address }],
    subject: `Re: ${decodeHeaderText(header('Subject'))}`, date: Date.now(), messageId: `${randomUUID()}@example.org`, textBody: text,
  }, randomUUID);
  // Durable when this resolves. Without `emailId` a copy is filed in the Sent mailbox.
  const submitted = await submissions.submit({ octets, reversePath: identity!.address, forwardPaths: [sender.address] });
  if (!submitted.ok) return print(`The answer was refused: ${submitted.refusal}`);
  await mailStore.updateEmails([{ emailId: newest.emailId, addKeywords: ['$answered', '$seen'] }]);
}

/** Once now and again whenever something changes, which `subscribe` tells. */
async function showOutbox({ submissions, mailStore }: Account): Promise<void> {
  for (const { emailId, recipients, undoStatus } of await submissions.submissions()) {
    const [email] = await mailStore.getEmails([emailId]);
    for (const { forwardPath, state, lastReply } of recipients) print(`${email?.preview} -> ${forwardPath}: ${state} ${lastReply}(${undoStatus})`);
  }
}

const accountId = parseAccountId('ExampleAccount00000000');
const mailStore = createMemoryMailStore({ accountId, address: parseMailAddress('ana@example.org'), clock: systemClock, random: { bytes: randomBytes } });
const account: Account = { mailStore, submissions: createMemorySubmissionService({ mailStore, clock: systemClock }) };
await mailStore.append({ octets: new TextEncoder().encode(ARRIVED), mailboxIds: [INBOX_ID] });
await answerNewest(account, 'Gladly, at noon.');
await showOutbox(account);
