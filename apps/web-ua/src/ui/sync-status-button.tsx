import { useState } from 'react';
import { Button, Dialog, DialogTrigger, Heading, Popover } from 'react-aria-components';
import type { SyncStatus } from '../jmap/types.js';
import { useDates, useMessages } from '../messages/language.js';
import { AlarmNote } from './alarm-note.js';
import { useIsConnected, useSyncStatus } from './account-context.js';
import { AlarmIcon, CheckIcon, OfflineIcon, SyncIcon } from './icons.js';

type Phase = SyncStatus['phase'] | 'disconnected';

const ICONS = {
  idle: CheckIcon, pulling: SyncIcon, pushing: SyncIcon, blobs: SyncIcon, offline: OfflineIcon, alarm: AlarmIcon, disconnected: OfflineIcon,
} satisfies Record<Phase, typeof CheckIcon>;

/** What the daemon is doing, in one word; the popover says it in sentences. */
export function SyncStatusButton() {
  const { sync } = useMessages();
  const status = useSyncStatus();
  const phase: Phase = useIsConnected() ? status?.phase ?? 'idle' : 'disconnected';
  const [portal, setPortal] = useState<HTMLElement | null>(null);
  const Icon = ICONS[phase];
  const text = phase === 'disconnected' ? sync.disconnected : sync.phases[phase];
  return (
    <>
      <DialogTrigger>
        <Button className={`sync-button phase-${phase}`} aria-label={`${sync.label}: ${text}`}><Icon size={16} /><span className="sync-text">{text}</span></Button>
        <Popover className="popover" placement="bottom end" isNonModal UNSTABLE_portalContainer={portal ?? undefined}>
          <Dialog className="dialog sync-details">
            <Heading slot="title">{text}</Heading>
            <SyncDetails phase={phase} status={status} />
          </Dialog>
        </Popover>
      </DialogTrigger>
      {/* Inside the banner, so that the popover is in a landmark. */}
      <div ref={setPortal} className="sync-portal" />
    </>
  );
}

function SyncDetails({ phase, status }: { phase: Phase; status: SyncStatus | undefined }) {
  const { sync } = useMessages();
  const dates = useDates();
  const last = status?.lastSyncAtMs ?? null;
  return (
    <>
      {phase === 'disconnected' && <p>{sync.disconnectedLead}</p>}
      {phase === 'offline' && <p>{sync.offlineLead}</p>}
      {status?.alarm && <AlarmNote alarm={status.alarm} />}
      {status?.error && <p className="notice problem">{status.error === 'accountDisabled' ? sync.accountDisabled : status.error}</p>}
      <ul className="facts">
        <li>{last === null ? sync.never : sync.lastSync(dates.relative(new Date(last), new Date()))}</li>
        {status && status.pendingUp > 0 && <li>{sync.pendingUp(status.pendingUp)}</li>}
        {status && status.pendingDown > 0 && <li>{sync.pendingDown(status.pendingDown)}</li>}
      </ul>
      <p className="muted">{sync.explain}</p>
    </>
  );
}
