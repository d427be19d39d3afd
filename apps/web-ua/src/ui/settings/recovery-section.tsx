import { useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import type { RecoveryKit } from '../../jmap/types.js';
import { useMessages } from '../../messages/language.js';
import { saveFile } from '../save-file.js';
import { PassphraseForm } from './passphrase-form.js';
import { useSettingsAct } from './use-settings-act.js';

export function RecoverySection() {
  const { settings: { recovery } } = useMessages();
  const act = useSettingsAct();
  const [kit, setKit] = useState<RecoveryKit | null>(null);
  if (kit) return <FreshKit kit={kit} onDone={() => setKit(null)} />;
  const create = async (passphrase: string): Promise<void> => {
    const made = await act.run((settings) => settings.createRecoveryKit(passphrase));
    if (made) setKit(made.value);
  };
  return (
    <>
      <p>{recovery.lead}</p>
      <p className="muted">{recovery.again}</p>
      <PassphraseForm act={act} submit={recovery.submit} onPassphrase={(passphrase) => void create(passphrase)} />
    </>
  );
}

/** The only time that the code is seen. */
function FreshKit({ kit, onDone }: { kit: RecoveryKit; onDone(): void }) {
  const { settings: { recovery } } = useMessages();
  const note = useRef<HTMLParagraphElement>(null);
  useEffect(() => note.current?.focus(), []);
  return (
    <section className="settings-card fresh printed" aria-label={recovery.code}>
      <pre className="print-only">{kit.text}</pre>
      <p ref={note} tabIndex={-1}>{recovery.fresh}</p>
      <ol className="recovery-code" aria-label={recovery.code}>{kit.code.split('-').map((group, index) => <li key={index}><code>{group}</code></li>)}</ol>
      <div className="settings-actions">
        <Button className="button" onPress={() => print()}>{recovery.print}</Button>
        <Button className="button" onPress={() => saveFile(new Blob([kit.html]), 'paloma-recovery-kit.html')}>{recovery.save}</Button>
        <Button className="button quiet" onPress={onDone}>{recovery.done}</Button>
      </div>
    </section>
  );
}
