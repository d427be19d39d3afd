import { useState, type FormEvent } from 'react';
import { Button, Checkbox, Form } from 'react-aria-components';
import { useMessages } from '../../messages/language.js';
import { CheckIcon } from '../icons.js';
import { SettingsField } from './settings-field.js';
import { useSettingsAct } from './use-settings-act.js';

const MAX_NAME_CHARS = 100;

export function NewPasswordForm({ onMade }: { onMade(made: { name: string; password: string }): void }) {
  const { settings: { programs, refusals } } = useMessages();
  const { isBusy, refusal, run } = useSettingsAct();
  const [mayUnlock, setMayUnlock] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name')).trim();
    if (name === '') return;
    const made = await run(async (settings) => ({ ok: true, value: await settings.createMailAppPassword(name, mayUnlock) }));
    if (made) onMade({ name, password: made.value });
  };
  return (
    <section className="settings-card" aria-labelledby="new-program">
      <h3 id="new-program">{programs.add}</h3>
      <Form className="settings-form" onSubmit={(event) => void submit(event)}>
        {refusal && <p role="alert" className="notice problem">{refusals[refusal]}</p>}
        <SettingsField name="name" label={programs.name} placeholder={programs.namePlaceholder} isRequired maxLength={MAX_NAME_CHARS} autoComplete="off" />
        <Checkbox className="checkbox" isSelected={mayUnlock} onChange={setMayUnlock}>
          <span className="checkbox-box">{mayUnlock && <CheckIcon size={14} />}</span>{programs.unlocksLabel}
        </Checkbox>
        {mayUnlock && <p className="notice caution">{programs.unlocksHint}</p>}
        <Button type="submit" className="button primary" isPending={isBusy}>{programs.create}</Button>
      </Form>
    </section>
  );
}
