import { useMemo, useState, type RefObject } from 'react';
import { Button } from 'react-aria-components';
import type { IdentityId } from '../../jmap/types.js';
import { formatAddress } from '../../mail/address-list.js';
import type { Draft } from '../../mail/draft.js';
import { knownAddresses } from '../../mail/known-addresses.js';
import { useMessages } from '../../messages/language.js';
import { useAccount } from '../account-context.js';
import { RecipientField } from './recipient-field.js';
import type { ShownRecipientState } from './use-recipient-states.js';

export interface ComposerFieldsProps {
  draft: Draft;
  stateOf(address: string): ShownRecipientState;
  toRef: RefObject<HTMLInputElement | null>;
  onChange(patch: Partial<Draft>): void;
}

export function ComposerFields({ draft, stateOf, toRef, onChange }: ComposerFieldsProps) {
  const { composer: texts } = useMessages();
  const { cache, address } = useAccount();
  const identities = cache.all('Identity');
  const known = useMemo(() => knownAddresses(cache, address), [cache, address]);
  const [isWide, setWide] = useState(draft.cc.length + draft.bcc.length > 0);
  return (
    <div className="composer-fields">
      {identities.length > 1 && (
        <label className="composer-line"><span>{texts.from}</span>
          <select value={draft.identityId} onChange={({ target }) => onChange({ identityId: target.value as IdentityId })}>
            {identities.map(({ id, name, email }) => <option key={id} value={id}>{formatAddress({ name, email })}</option>)}
          </select>
        </label>
      )}
      <div className="composer-line recipients">
        <RecipientField label={texts.to} recipients={draft.to} stateOf={stateOf} known={known} inputRef={toRef} onChange={(to) => onChange({ to })} />
        {!isWide && <Button className="link-button" aria-label={texts.showCcBccLabel} onPress={() => setWide(true)}>{texts.showCcBcc}</Button>}
      </div>
      {isWide && (
        <>
          <div className="composer-line recipients"><RecipientField label={texts.cc} recipients={draft.cc} stateOf={stateOf} known={known} onChange={(cc) => onChange({ cc })} /></div>
          <div className="composer-line recipients"><RecipientField label={texts.bcc} recipients={draft.bcc} stateOf={stateOf} known={known} onChange={(bcc) => onChange({ bcc })} /></div>
        </>
      )}
      <label className="composer-line"><span>{texts.subject}</span>
        <input type="text" maxLength={900} value={draft.subject} onChange={({ target }) => onChange({ subject: target.value })} />
      </label>
    </div>
  );
}
