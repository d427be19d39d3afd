import { authenticatedCommand, type AuthenticatedContext } from '../command.js';
import { ok, type Completion } from '../completion.js';
import { COMPLETION_BY_ANNOTATION_REFUSAL, NO_SUCH_MAILBOX, USE_STAYS } from '../error-table.js';
import { findAnnotated } from '../metadata/find-annotated.js';
import { SPECIAL_USE_ENTRY } from '../metadata/told-annotations.js';
import { readSetMetadata, type SetMetadataArguments } from '../wire/metadata-arguments.js';

/** RFC 5464 §4.3: all of the entries or none. */
export const setMetadata = authenticatedCommand({ name: 'SETMETADATA', parse: readSetMetadata, run: runSetMetadata });

async function runSetMetadata({ session, store }: AuthenticatedContext, { mailboxName, changes }: SetMetadataArguments): Promise<Completion> {
  const annotated = await findAnnotated(store, mailboxName);
  if (annotated === undefined) return NO_SUCH_MAILBOX;
  if (annotated && changes.some(({ name }) => name === SPECIAL_USE_ENTRY)) return USE_STAYS;
  const owner = annotated?.mailboxId ?? null;
  const outcome = await store.annotate(owner, changes);
  session.annotationNews.forget(owner, changes.map(({ name }) => name));
  return outcome.ok ? ok('SETMETADATA completed') : COMPLETION_BY_ANNOTATION_REFUSAL[outcome.refusal];
}
