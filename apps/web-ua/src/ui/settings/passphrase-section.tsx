import { useState, type FormEvent } from 'react';
import { Button, Form } from 'react-aria-components';
import { useMessages } from '../../messages/language.js';
import { useToaster } from '../toasts.js';
import { OwnUsername } from './own-username.js';
import { SettingsField } from './settings-field.js';
import { useSettingsAct } from './use-settings-act.js';

/** Shorter ones are guessed from a stolen database at a cost that somebody will pay. */
const MIN_PASSPHRASE_CHARS = 12;

export function PassphraseSection() {
  const { settings: { change, refusals } } = useMessages();
  const { isBusy, refusal, run } = useSettingsAct();
  const toaster = useToaster();
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const hint = next !== '' && next.length < MIN_PASSPHRASE_CHARS ? change.tooShort : again !== '' && next !== again ? change.different : null;
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    if (hint !== null || next !== again) return;
    const done = await run((settings) => settings.changePassphrase(String(new FormData(form).get('current')), next));
    if (!done) return;
    form.reset();
    setNext('');
    setAgain('');
    toaster.show(change.done);
  };
  return (
    <Form className="settings-form" onSubmit={(event) => void submit(event)}>
      <OwnUsername />
      <p>{change.lead}</p>
      {refusal && <p role="alert" className="notice problem">{refusals[refusal]}</p>}
      <SettingsField name="current" type="password" label={change.current} isRequired autoComplete="current-password" />
      <SettingsField name="next" type="password" label={change.next} isRequired autoComplete="new-password" value={next} onChange={setNext} />
      <SettingsField name="again" type="password" label={change.again} isRequired autoComplete="new-password" value={again} onChange={setAgain} />
      {hint !== null && <p className="notice" role="status">{hint}</p>}
      <Button type="submit" className="button primary" isPending={isBusy} isDisabled={hint !== null || next === '' || again === ''}>{change.submit}</Button>
    </Form>
  );
}
