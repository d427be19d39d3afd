import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { Settings } from '../../jmap/settings.js';
import type { MailAppPassword } from '../../jmap/types.js';
import { useDates, useMessages } from '../../messages/language.js';
import { useAccount } from '../account-context.js';
import { useToaster } from '../toasts.js';
import { Confirm } from './confirm.js';
import { FreshPassword, type FreshPasswordProps } from './fresh-password.js';
import { LoadingNote } from './loading-note.js';
import { NewPasswordForm } from './new-password-form.js';
import { SetupGuide } from './setup-guide.js';
import { useLoaded } from './use-loaded.js';

const loadPasswords = (settings: Settings): Promise<MailAppPassword[]> => settings.mailAppPasswords();

/** The mail programs that may get in, and how to let in another one. */
export function ProgramsSection() {
  const { settings: { programs } } = useMessages();
  const { settings: { servers } } = useAccount();
  const { status, value, retry } = useLoaded(loadPasswords);
  const [fresh, setFresh] = useState<Omit<FreshPasswordProps, 'onDone'> | null>(null);
  return (
    <>
      <p>{programs.lead}</p>
      {value ? <PasswordList passwords={value} /> : <LoadingNote status={status} onRetry={retry} />}
      {fresh ? <FreshPassword {...fresh} onDone={() => setFresh(null)} /> : <NewPasswordForm onMade={setFresh} />}
      {servers && <SetupGuide servers={servers} />}
    </>
  );
}

function PasswordList({ passwords }: { passwords: readonly MailAppPassword[] }) {
  const { settings: { programs, refusals } } = useMessages();
  const { settings } = useAccount();
  const toaster = useToaster();
  const [asked, setAsked] = useState<MailAppPassword | null>(null);
  const revoke = ({ id, name }: MailAppPassword): void => {
    setAsked(null);
    settings.revokeMailAppPassword(id).then(() => toaster.show(programs.revoked(name)), () => toaster.showProblem(refusals.failed));
  };
  if (passwords.length === 0) return <p className="muted">{programs.none}</p>;
  return (
    <>
      <ul className="settings-list">{passwords.map((password) => <PasswordRow key={password.id} password={password} onRevoke={() => setAsked(password)} />)}</ul>
      {asked && <Confirm title={programs.confirm.title(asked.name)} texts={programs.confirm} onYes={() => revoke(asked)} onNo={() => setAsked(null)} />}
    </>
  );
}

function PasswordRow({ password: { name, createdAtMs, lastUsedAtMs, unlocksAccount }, onRevoke }: { password: MailAppPassword; onRevoke(): void }) {
  const { settings: { programs } } = useMessages();
  const dates = useDates();
  const lastUsed = lastUsedAtMs === null ? programs.neverUsed : dates.relative(new Date(lastUsedAtMs), new Date());
  return (
    <li className="settings-row">
      <div>
        <strong>{name}</strong>
        <span className="muted">{programs.columns.created} {dates.day(new Date(createdAtMs))} · {programs.columns.lastUsed}: {lastUsed}</span>
        {unlocksAccount && <span className="settings-mark">{programs.unlocks}</span>}
      </div>
      <Button className="button" aria-label={programs.revokeOf(name)} onPress={onRevoke}>{programs.revoke}</Button>
    </li>
  );
}
