import { useState, type FormEvent } from 'react';
import { Button, Form, Input, Label, TextField } from 'react-aria-components';
import { useMessages } from '../messages/language.js';
import { signInWithPassphrase } from '../session/sign-in.js';
import { Dove } from './dove.js';
import { usePageTitle } from './page-title.js';

export type SignInNotice = 'refused' | 'tooManyAttempts' | 'unreachable' | 'ticketRefused' | 'ended';

export interface SignInPageProps {
  /** Why the user sees this page, or what went wrong. */
  notice: SignInNotice | null;
  onToken(token: string): void;
}

export function SignInPage({ notice: firstNotice, onToken }: SignInPageProps) {
  const { signIn, appName } = useMessages();
  const [notice, setNotice] = useState(firstNotice);
  const [isBusy, setBusy] = useState(false);
  usePageTitle(`${signIn.submit} – ${appName}`);

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setBusy(true);
    setNotice(null);
    const outcome = await signInWithPassphrase(String(fields.get('address')).trim(), String(fields.get('passphrase')));
    setBusy(false);
    if (outcome.ok) onToken(outcome.token);
    else setNotice(outcome.refusal);
  };

  return (
    <main className="sign-in-page">
      <div className="sign-in-card">
        <Dove size={56} />
        <h1>{signIn.title}</h1>
        <p className="lead">{signIn.lead}</p>
        <Form className="sign-in-form" onSubmit={(event) => void submit(event)}>
          {notice && <p role="alert" className="notice problem">{signIn[notice]}</p>}
          <TextField name="address" type="email" autoComplete="username" isRequired autoFocus className="field">
            <Label>{signIn.address}</Label>
            <Input />
          </TextField>
          <TextField name="passphrase" type="password" autoComplete="current-password" isRequired className="field">
            <Label>{signIn.passphrase}</Label>
            <Input />
          </TextField>
          <Button type="submit" className="button primary wide" isPending={isBusy}>{isBusy ? signIn.submitting : signIn.submit}</Button>
        </Form>
        <p className="promise">{signIn.promise}</p>
      </div>
    </main>
  );
}
