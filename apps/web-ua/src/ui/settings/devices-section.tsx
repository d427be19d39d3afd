import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { Settings } from '../../jmap/settings.js';
import type { Device } from '../../jmap/types.js';
import { useDates, useMessages } from '../../messages/language.js';
import { useAccount } from '../account-context.js';
import { useToaster } from '../toasts.js';
import { Confirm } from './confirm.js';
import { LoadingNote } from './loading-note.js';
import { useLoaded } from './use-loaded.js';

const loadDevices = (settings: Settings): Promise<Device[]> => settings.devices();

export function DevicesSection() {
  const { settings: { devices: texts } } = useMessages();
  const { status, value, retry } = useLoaded(loadDevices);
  return (
    <>
      <p>{texts.lead}</p>
      {value ? <DeviceList devices={value} /> : <LoadingNote status={status} onRetry={retry} />}
    </>
  );
}

function DeviceList({ devices }: { devices: readonly Device[] }) {
  const { settings: { devices: texts, refusals } } = useMessages();
  const { settings } = useAccount();
  const toaster = useToaster();
  const [asked, setAsked] = useState<Device | null>(null);
  const nameOf = ({ name }: Device): string => name ?? texts.unnamed;
  const remove = (device: Device): void => {
    setAsked(null);
    settings.removeDevice(device.id).then(() => toaster.show(texts.removed(nameOf(device))), () => toaster.showProblem(refusals.failed));
  };
  return (
    <>
      <ul className="settings-list">{devices.map((device) => <DeviceRow key={device.id} device={device} name={nameOf(device)} onRemove={() => setAsked(device)} />)}</ul>
      {asked && <Confirm title={texts.confirm.title(nameOf(asked))} texts={texts.confirm} onYes={() => remove(asked)} onNo={() => setAsked(null)} />}
    </>
  );
}

/** The device that answers cannot remove itself: it is signed out instead. */
function DeviceRow({ device: { createdAtMs, lastSeenAtMs, isCurrent }, name, onRemove }: { device: Device; name: string; onRemove(): void }) {
  const { settings: { devices: texts } } = useMessages();
  const dates = useDates();
  return (
    <li className="settings-row">
      <div>
        <strong>{name}</strong>
        <span className="muted">{texts.since(dates.day(new Date(createdAtMs)))} · {texts.seen(dates.relative(new Date(lastSeenAtMs), new Date()))}</span>
      </div>
      {isCurrent ? <span className="settings-mark">{texts.thisOne}</span>
        : <Button className="button" aria-label={texts.removeOf(name)} onPress={onRemove}>{texts.remove}</Button>}
    </li>
  );
}
