// What is known of a message's protection, in the app and never in the mail: a mail cannot draw this. Here the user may also say
// that he compared the sender's key; the message keeps the mark that it came with, and the strip tells what was learnt since.

import { Button } from 'react-aria-components';
import type { EmailAddress, ReviewedKey, SecurityFacts } from '../jmap/types.js';
import { shortName } from '../mail/address-list.js';
import { useMessages, type Messages } from '../messages/language.js';
import { useFocusLeftBehind } from './focus-left-behind.js';
import { ChevronIcon } from './icons.js';
import { Fingerprint } from './keys/fingerprint.js';
import { ReviewButton } from './keys/review-button.js';
import { useDecision } from './keys/use-decision.js';
import { useKeys } from './keys/use-keys.js';
import { SecurityGlyph } from './security-glyph.js';

export function SecurityStrip({ security: facts, sender }: { security: SecurityFacts; sender: EmailAddress }) {
  const messages = useMessages();
  const { security, securityDetails } = messages;
  const { short } = security[facts.status];
  const name = shortName(sender) || securityDetails.sender;
  const signerKey = useSignerKey(facts, sender);
  const isKnown = signerKey?.state === 'known';
  const isContested = signerKey ? !isKnown : facts.problem === 'keyChanged';
  return (
    <div className={`security-strip ${facts.status}`} tabIndex={-1}>
      <details>
        <summary>
          <SecurityGlyph status={facts.status} />
          <strong>{short}</strong>
          <span className="security-sentence">{sentenceOf(facts, signerKey, messages)(name)}</span>
          <ChevronIcon size={16} />
        </summary>
        <ul className="facts">
          <li>{securityDetails.encrypted(facts.isEncrypted)}</li>
          <li>{securityDetails.signature[facts.signature]}</li>
          {facts.signerFingerprint && <li>{securityDetails.fingerprint}<Fingerprint value={facts.signerFingerprint} /></li>}
        </ul>
        {isKnown && !isCompared(signerKey) && <CompareSigner signerKey={signerKey} sender={sender} name={name} />}
      </details>
      {isContested && <div className="strip-action"><ReviewButton className="button" correspondent={sender} /></div>}
    </div>
  );
}

function sentenceOf({ status, problem }: SecurityFacts, signerKey: ReviewedKey | undefined, { security, securityProblem, securityDetails }: Messages): (name: string) => string {
  if (problem === 'keyChanged' && signerKey?.state === 'known') return securityDetails.takenSince;
  if (problem) return securityProblem[problem];
  return signerKey && isCompared(signerKey) ? securityDetails.comparedSince : security[status].sentence;
}

const isCompared = ({ state, level }: ReviewedKey): boolean => state === 'known' && level === 'fingerprint';

/** The sender's key that signed, where the user may have learnt more of it than the message's own mark says. */
function useSignerKey({ status, problem, signature, signerFingerprint }: SecurityFacts, { email }: EmailAddress): ReviewedKey | undefined {
  const mayBeCompared = (status === 'private' || status === 'signed' || problem === 'keyChanged') && signature === 'valid' && signerFingerprint !== null;
  const { keys } = useKeys(mayBeCompared && email !== '' ? email : null);
  return keys.find(({ fingerprint }) => fingerprint === signerFingerprint);
}

function CompareSigner({ signerKey, sender, name }: { signerKey: ReviewedKey; sender: EmailAddress; name: string }) {
  const { securityDetails, keyReview } = useMessages();
  const { decide, notice } = useDecision(sender, () => {});
  const ref = useFocusLeftBehind<HTMLButtonElement>();
  return (
    <div className="compare-signer">
      <p>{keyReview.howToCompare(name)}</p>
      {notice && <p className="notice problem" role="alert">{notice}</p>}
      <Button ref={ref} className="button" onPress={() => decide('verify', signerKey)}>{securityDetails.compared}</Button>
    </div>
  );
}
