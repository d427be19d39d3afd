import { useEffect } from 'react';
import { loadSubmissions } from '../jmap/load-conversation.js';
import type { Email, EmailSubmission } from '../jmap/types.js';
import { useMessages } from '../messages/language.js';
import { useAccount, useCache } from './account-context.js';
import { useRecipientStates } from './composer/use-recipient-states.js';
import { ReviewButton } from './keys/review-button.js';

/** What became of a message that was sent from here, recipient by recipient. */
export function DeliveryStatus({ email }: { email: Email }) {
  const account = useAccount();
  const { delivery } = useMessages();
  const isSent = 'sent' in email.mailboxIds;
  useEffect(() => { if (isSent) loadSubmissions(account, [email.id]).catch(() => undefined); }, [account, email.id, isSent]);
  const submissions = useCache().all('EmailSubmission').filter(({ emailId }) => emailId === email.id);
  const rows = submissions.flatMap(deliveryRows);
  const recipients = useRecipientStates(rows.filter(({ state }) => state === 'waiting').map(({ address }) => address));
  if (rows.length === 0) return null;
  return (
    <section className="delivery" tabIndex={-1} aria-label={delivery.heading}>
      <h4>{delivery.heading}</h4>
      <ul>{rows.map(({ address, state, reply, protection }) => (
        <li key={address}>
          <span className={`delivery-state ${state}`}>{delivery.states[state]}</span>
          <span className="delivery-address">{address}</span>
          {protection && <span className="muted">{delivery.protection[protection]}</span>}
          {state === 'waiting' && recipients.stateOf(address) === 'keyChanged' && <ReviewButton correspondent={{ name: null, email: address }} />}
          {state === 'refused' && reply && <span className="delivery-reply">{reply}</span>}
        </li>
      ))}</ul>
    </section>
  );
}

type DeliveryState = 'waiting' | 'sent' | 'delivered' | 'refused';

function deliveryRows({ deliveryStatus, protection }: EmailSubmission) {
  return Object.entries(deliveryStatus ?? {}).map(([address, { delivered, smtpReply }]) => ({
    address, state: stateOf(delivered, smtpReply), reply: smtpReply, protection: protection?.[address] ?? null,
  }));
}

/** RFC 8621 §7: `unknown` is what is left of a message that another server took. */
function stateOf(delivered: 'queued' | 'yes' | 'no' | 'unknown', smtpReply: string): DeliveryState {
  if (delivered === 'no' || /^5\d\d/.test(smtpReply)) return 'refused';
  if (delivered === 'yes') return 'delivered';
  return delivered === 'queued' ? 'waiting' : 'sent';
}
