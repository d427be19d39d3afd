// What is known of a message's protection, in the app and never in the mail: a mail cannot draw this.

import type { SecurityFacts } from '../jmap/types.js';
import { useMessages } from '../messages/language.js';
import { ChevronIcon } from './icons.js';
import { SecurityGlyph } from './security-glyph.js';

export function SecurityStrip({ security: facts, name }: { security: SecurityFacts; name: string }) {
  const { security, securityProblem, securityDetails } = useMessages();
  const { short, sentence } = security[facts.status];
  return (
    <details className={`security-strip ${facts.status}`}>
      <summary>
        <SecurityGlyph status={facts.status} />
        <strong>{short}</strong>
        <span className="security-sentence">{facts.problem ? securityProblem[facts.problem](name) : sentence(name)}</span>
        <ChevronIcon size={16} />
      </summary>
      <ul className="facts">
        <li>{securityDetails.encrypted(facts.isEncrypted)}</li>
        <li>{securityDetails.signature[facts.signature]}</li>
        {facts.signerFingerprint && <li>{securityDetails.fingerprint}<code className="fingerprint">{inGroups(facts.signerFingerprint)}</code></li>}
      </ul>
    </details>
  );
}

/** Groups of four, as people compare them aloud. */
const inGroups = (fingerprint: string): string => fingerprint.match(/.{1,4}/g)?.join(' ') ?? fingerprint;
