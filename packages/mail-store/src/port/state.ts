import type { MailboxId } from '@paloma/shared-model';
import type { AnnotationOwner } from './annotation.js';

export type StateName = 'Mailbox' | 'Email' | 'Thread';

/** RFC 8620 §5.2. */
export interface ChangeList {
  newState: string;
  hasMoreChanges: boolean;
  created: string[];
  updated: string[];
  destroyed: string[];
}

/** One commit, as told to subscribers. */
export interface MailChange {
  /** Mailboxes whose view changed. */
  mailboxIds: ReadonlySet<MailboxId>;
  /** Kinds whose state string changed. */
  states: ReadonlySet<StateName>;
  /** Names of annotations that changed, by owner; absent: none. */
  annotated?: ReadonlyMap<AnnotationOwner, ReadonlySet<string>>;
}
