// `paloma-provider-mx queue`: lines for an operator's terminal.

import { formatTable } from '@paloma/provider-runtime';
import type { Clock } from '@paloma/shared-model';
import type { QueueAction, QueueControl, QueuedGroup, QueueSelection } from './queue-control.js';

export type QueueCommand =
  | { action: 'list' | QueueAction; selection: QueueSelection }
  /** `id` null: all. */
  | { action: 'suppressions list' }
  | { action: 'suppressions drop'; id: string | null };

const COLUMNS = ['id', 'age', 'domain', 'recipients', 'attempts', 'next', 'status'];
const UNITS = [['d', 86_400], ['h', 3_600], ['min', 60]] as const;

export async function runQueueCommand(command: QueueCommand, control: QueueControl, clock: Clock, print: (text: string) => void): Promise<void> {
  const nowMs = clock.nowMs();
  switch (command.action) {
    case 'list': return print(formatTable([COLUMNS, ...(await control.list(command.selection)).map((group) => rowOf(group, nowMs))]));
    case 'suppressions list': return print(formatTable([['id', 'failures', 'last'], ...(await control.suppressions()).map(({ id, failures, lastFailedAtMs }) => [id, String(failures), formatDuration(nowMs - lastFailedAtMs)])]));
    case 'suppressions drop': return print(`${await control.dropSuppressions(command.id)} dropped`);
    default: return print(`${await control.act(command.action, command.selection, nowMs)} recipients`);
  }
}

function rowOf({ messageId, acceptedAtMs, destination, recipients, failedAttempts, dueAtMs, lastStatus, isHeld }: QueuedGroup, nowMs: number): string[] {
  const next = isHeld ? 'held' : dueAtMs === null ? 'never' : dueAtMs <= nowMs ? 'now' : `in ${formatDuration(dueAtMs - nowMs)}`;
  return [messageId, formatDuration(nowMs - acceptedAtMs), destination, String(recipients), String(failedAttempts), next, lastStatus ?? '-'];
}

/** In the largest unit that fits. */
function formatDuration(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  const [name, size] = UNITS.find(([, unitSeconds]) => seconds >= unitSeconds) ?? ['s', 1];
  return `${Math.floor(seconds / size)} ${name}`;
}
