import { Button, Heading } from 'react-aria-components';
import type { EmailAddress, ReviewedKey } from '../../jmap/types.js';
import { shortName } from '../../mail/address-list.js';
import { useMessages } from '../../messages/language.js';
import { KeyCard } from './key-card.js';
import { useDecision, type Decision } from './use-decision.js';
import { useKeys } from './use-keys.js';

export interface KeyDecisionFormProps {
  correspondent: EmailAddress;
  onClose(): void;
}

/** Both keys side by side in plain words, and what can be done about them. */
export function KeyDecisionForm({ correspondent, onClose }: KeyDecisionFormProps) {
  const { keyReview } = useMessages();
  const { status, keys } = useKeys(correspondent.email);
  const { decide, notice } = useDecision(correspondent, onClose);
  const name = shortName(correspondent);
  const [known, refused] = keys;
  return (
    <>
      <Heading slot="title">{refused ? keyReview.titleChanged(name) : keyReview.title(name)}</Heading>
      <p className="key-address">{correspondent.email}</p>
      {notice && <p className="notice problem" role="alert">{notice}</p>}
      {known ? <p>{refused ? keyReview.leadChanged(name) : keyReview.lead(name)}</p> : <p role="status">{status === 'ready' ? keyReview.none(name) : keyReview[status]}</p>}
      {known && <p>{keyReview.howToCompare(name)}</p>}
      <div className="key-cards">
        {keys.map((key) => (
          <KeyCard key={key.fingerprint} title={refused ? keyReview.states[key.state] : keyReview.inUse} shown={key} name={name} domain={domainOf(correspondent)}
            onCompared={() => decide('verify', key)} />
        ))}
      </div>
      {known && refused ? <Choice known={known} refused={refused} decide={decide} onClose={onClose} />
        : <div className="dialog-actions"><Button className="button" autoFocus onPress={onClose}>{keyReview.close}</Button></div>}
    </>
  );
}

interface ChoiceProps {
  known: ReviewedKey;
  refused: ReviewedKey;
  decide: Decision['decide'];
  onClose(): void;
}

/** The harmless way out has the focus; neither key is recommended. */
function Choice({ known, refused, decide, onClose }: ChoiceProps) {
  const { keyReview } = useMessages();
  return (
    <div className="dialog-actions">
      <Button className="button quiet" autoFocus onPress={onClose}>{keyReview.later}</Button>
      <Button className="button" onPress={() => decide('keepKnown', known)}>{keyReview.keepKnown}</Button>
      <Button className="button caution" onPress={() => decide('takeNew', refused)}>{keyReview.takeNew}</Button>
    </div>
  );
}

const domainOf = ({ email }: EmailAddress): string => email.slice(email.lastIndexOf('@') + 1);
