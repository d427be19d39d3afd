import type { FormEvent } from 'react';
import { Button, Form } from 'react-aria-components';
import { useMessages } from '../../messages/language.js';
import type { SettingsAct } from './use-settings-act.js';
import { OwnUsername } from './own-username.js';
import { SettingsField } from './settings-field.js';

export interface PassphraseFormProps {
  act: SettingsAct;
  submit: string;
  isDangerous?: boolean;
  onPassphrase(passphrase: string): void;
}

/** Asks for the passphrase before an act that needs it. */
export function PassphraseForm({ act: { isBusy, refusal }, submit, isDangerous = false, onPassphrase }: PassphraseFormProps) {
  const { settings } = useMessages();
  const onSubmit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    onPassphrase(String(new FormData(event.currentTarget).get('passphrase')));
    event.currentTarget.reset();
  };
  return (
    <Form className="settings-form" onSubmit={onSubmit}>
      <OwnUsername />
      {refusal && <p role="alert" className="notice problem">{settings.refusals[refusal]}</p>}
      <SettingsField name="passphrase" type="password" label={settings.passphrase} isRequired autoComplete="current-password" />
      <Button type="submit" className={`button ${isDangerous ? 'danger' : 'primary'}`} isPending={isBusy}>{submit}</Button>
    </Form>
  );
}
