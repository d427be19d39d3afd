import { Button } from 'react-aria-components';
import type { EmailAddress } from '../../jmap/types.js';
import type { SendReadiness } from '../../mail/send-readiness.js';
import { useMessages, type Messages } from '../../messages/language.js';
import { ReviewButton } from '../keys/review-button.js';
import { RecipientGlyph } from './recipient-glyph.js';
import type { ShownRecipientState } from './use-recipient-states.js';

const GLYPHS: Record<SendReadiness['kind'], ShownRecipientState | null> = {
  none: null, lookingUp: 'lookingUp', encrypted: 'found', noKey: 'noKey', lookupFailed: 'lookupFailed', keyChanged: 'keyChanged', invalid: 'invalid',
};

export interface SendSummaryProps {
  readiness: SendReadiness;
  recipients: readonly EmailAddress[];
  onRetry(): void;
}

/** One sentence beside Send: how protected the message would be. */
export function SendSummary({ readiness, recipients, onRetry }: SendSummaryProps) {
  const messages = useMessages();
  const glyph = GLYPHS[readiness.kind];
  const contested = readiness.kind === 'keyChanged' && recipients.find(({ email }) => email === readiness.names[0]);
  return (
    <div className={`send-summary kind-${readiness.kind}`} role="status">
      {glyph && <RecipientGlyph state={glyph} />}
      <span>{summaryText(readiness, messages)}</span>
      {readiness.kind === 'lookupFailed' && <Button className="link-button" onPress={onRetry}>{messages.composer.retry}</Button>}
      {contested && <ReviewButton correspondent={contested} />}
    </div>
  );
}

function summaryText(readiness: SendReadiness, { composer: { summary } }: Messages): string {
  switch (readiness.kind) {
    case 'none': case 'lookingUp': return summary[readiness.kind];
    case 'encrypted': return summary.encrypted(readiness.count);
    case 'invalid': case 'keyChanged': case 'noKey': case 'lookupFailed': return summary[readiness.kind](readiness.names);
  }
}
