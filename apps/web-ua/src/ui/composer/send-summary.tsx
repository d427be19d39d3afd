import { Button } from 'react-aria-components';
import type { SendReadiness } from '../../mail/send-readiness.js';
import { useMessages, type Messages } from '../../messages/language.js';
import { RecipientGlyph } from './recipient-glyph.js';
import type { ShownRecipientState } from './use-recipient-states.js';

const GLYPHS: Record<SendReadiness['kind'], ShownRecipientState | null> = {
  none: null, lookingUp: 'lookingUp', encrypted: 'found', noKey: 'noKey', lookupFailed: 'lookupFailed', keyChanged: 'keyChanged', invalid: 'invalid',
};

/** One sentence beside Send: how protected the message would be. */
export function SendSummary({ readiness, onRetry }: { readiness: SendReadiness; onRetry(): void }) {
  const messages = useMessages();
  const glyph = GLYPHS[readiness.kind];
  return (
    <div className={`send-summary kind-${readiness.kind}`} role="status">
      {glyph && <RecipientGlyph state={glyph} />}
      <span>{summaryText(readiness, messages)}</span>
      {readiness.kind === 'lookupFailed' && <Button className="link-button" onPress={onRetry}>{messages.composer.retry}</Button>}
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
