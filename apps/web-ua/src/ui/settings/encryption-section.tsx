import { Button } from 'react-aria-components';
import { useMessages } from '../../messages/language.js';
import { useToaster } from '../toasts.js';
import { PassphraseForm } from './passphrase-form.js';
import { useSettingsAct } from './use-settings-act.js';

/** A new storage root: as a routine, and after a theft. */
export function EncryptionSection() {
  const { settings: { encryption } } = useMessages();
  return (
    <>
      <p>{encryption.lead}</p>
      <Rotation />
      <LockOut />
    </>
  );
}

function Rotation() {
  const { settings: { encryption: { rotate }, refusals } } = useMessages();
  const { isBusy, refusal, run } = useSettingsAct();
  const toaster = useToaster();
  const submit = async (): Promise<void> => {
    if (await run((settings) => settings.rotateStorageRoot(null))) toaster.show(rotate.done);
  };
  return (
    <section className="settings-card" aria-labelledby="rotation">
      <h3 id="rotation">{rotate.title}</h3>
      <p>{rotate.lead}</p>
      {refusal && <p role="alert" className="notice problem">{refusals[refusal]}</p>}
      <div><Button className="button" isPending={isBusy} onPress={() => void submit()}>{rotate.submit}</Button></div>
    </section>
  );
}

function LockOut() {
  const { settings: { encryption: { lockOut } } } = useMessages();
  const act = useSettingsAct();
  const toaster = useToaster();
  const submit = async (passphrase: string): Promise<void> => {
    if (await act.run((settings) => settings.rotateStorageRoot(passphrase))) toaster.show(lockOut.done);
  };
  return (
    <section className="settings-card" aria-labelledby="lock-out">
      <h3 id="lock-out">{lockOut.title}</h3>
      <p>{lockOut.lead}</p>
      <PassphraseForm act={act} submit={lockOut.submit} isDangerous onPassphrase={(passphrase) => void submit(passphrase)} />
    </section>
  );
}
