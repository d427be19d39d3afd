import { useState } from 'react';
import type { Settings, SettingsOutcome } from '../../jmap/settings.js';
import type { SettingsRefusal } from '../../jmap/types.js';
import { useAccount } from '../account-context.js';

export interface SettingsAct {
  isBusy: boolean;
  /** Why the last one changed nothing. */
  refusal: SettingsRefusal | 'failed' | null;
  /** The value when it was done; null when it was refused, which `refusal` then tells. */
  run<Value>(act: (settings: Settings) => Promise<SettingsOutcome<Value>>): Promise<{ value: Value } | null>;
}

/** One change of the settings at a time, and what became of it. */
export function useSettingsAct(): SettingsAct {
  const { settings } = useAccount();
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<SettingsAct['refusal']>(null);
  const run: SettingsAct['run'] = async (act) => {
    setBusy(true);
    setRefusal(null);
    try {
      const outcome = await act(settings);
      if (outcome.ok) return { value: outcome.value };
      setRefusal(outcome.refusal);
    } catch {
      setRefusal('failed');
    } finally {
      setBusy(false);
    }
    return null;
  };
  return { isBusy, refusal, run };
}
