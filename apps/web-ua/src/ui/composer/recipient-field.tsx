// Recipients as chips with the state of their keys, and a text field that makes more of them.

import { useId, useRef, useState, type ClipboardEvent, type KeyboardEvent, type RefObject } from 'react';
import { Button, Tag, TagGroup, TagList } from 'react-aria-components';
import type { EmailAddress } from '../../jmap/types.js';
import { formatAddress, parseAddressList, shortName, withoutDuplicates } from '../../mail/address-list.js';
import { useMessages } from '../../messages/language.js';
import { CloseIcon } from '../icons.js';
import { useKeyReview } from '../keys/key-review.js';
import { RecipientGlyph } from './recipient-glyph.js';
import type { ShownRecipientState } from './use-recipient-states.js';

export interface RecipientFieldProps {
  label: string;
  recipients: EmailAddress[];
  stateOf(address: string): ShownRecipientState;
  /** Addresses to offer while typing. */
  known: readonly string[];
  inputRef?: RefObject<HTMLInputElement | null>;
  onChange(recipients: EmailAddress[]): void;
}

const ENDS_ADDRESS: ReadonlySet<string> = new Set(['Enter', ',', ';', 'Tab']);

export function RecipientField({ label, recipients, stateOf, known, inputRef, onChange }: RecipientFieldProps) {
  const { composer } = useMessages();
  const [text, setText] = useState('');
  const ownRef = useRef<HTMLInputElement>(null);
  const suggestionsId = useId();

  const add = (typed: string): void => {
    const added = parseAddressList(typed);
    if (added.length > 0) onChange(withoutDuplicates([...recipients, ...added]));
    setText('');
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.ctrlKey || event.metaKey) return;
    if (ENDS_ADDRESS.has(event.key) && text.trim() !== '') {
      event.preventDefault();
      add(text);
    } else if (event.key === 'Backspace' && text === '') onChange(recipients.slice(0, -1));
  };
  const onPaste = (event: ClipboardEvent): void => {
    const pasted = event.clipboardData.getData('text');
    if (!/[,;\n]/.test(pasted)) return;
    event.preventDefault();
    add(text + pasted);
  };

  return (
    <div className="recipient-field">
      <span className="recipient-label" aria-hidden="true">{label}</span>
      <div className="recipient-area" onClick={(event) => { if (event.target === event.currentTarget) (inputRef ?? ownRef).current?.focus(); }}>
        {recipients.length > 0 && (
          <TagGroup aria-label={composer.recipients(label)} className="chips" onRemove={(keys) => onChange(recipients.filter(({ email }) => !keys.has(email)))}>
            <TagList className="chip-list">{recipients.map((recipient) => <RecipientChip key={recipient.email} recipient={recipient} state={stateOf(recipient.email)} />)}</TagList>
          </TagGroup>
        )}
        <input ref={inputRef ?? ownRef} className="recipient-input" type="text" autoComplete="off" spellCheck={false} inputMode="email" aria-label={composer.addRecipient(label)} list={suggestionsId}
          value={text} onChange={(event) => setText(event.target.value)} onKeyDown={onKeyDown} onPaste={onPaste} onBlur={() => add(text)} />
        <datalist id={suggestionsId}>{text.length > 0 && known.map((address) => <option key={address} value={address} />)}</datalist>
      </div>
    </div>
  );
}

function RecipientChip({ recipient, state }: { recipient: EmailAddress; state: ShownRecipientState }) {
  const { recipient: states, composer } = useMessages();
  const name = shortName(recipient);
  return (
    <Tag id={recipient.email} className={`chip state-${state}`} textValue={`${formatAddress(recipient)}, ${states[state].short}`}>
      <span className="chip-glyph" title={states[state].sentence(name)}><RecipientGlyph state={state} /></span>
      <span className="chip-name" title={recipient.email}>{recipient.name ? name : recipient.email}</span>
      <ChipState recipient={recipient} state={state} />
      <Button slot="remove" className="chip-remove" aria-label={composer.removeRecipient(name)}><CloseIcon size={12} /></Button>
    </Tag>
  );
}

const HAS_KEY: ReadonlySet<ShownRecipientState> = new Set(['verified', 'found', 'keyChanged']);

/** Leads to the keys of a recipient who has any. */
function ChipState({ recipient, state }: { recipient: EmailAddress; state: ShownRecipientState }) {
  const { recipient: states, keyReview } = useMessages();
  const review = useKeyReview();
  const { short } = states[state];
  if (!HAS_KEY.has(state)) return <span className="chip-state">{short}</span>;
  return <Button slot={null} className="chip-state" aria-label={`${short}. ${keyReview.reviewOf(shortName(recipient))}`} onPress={() => review(recipient)}>{short}</Button>;
}
