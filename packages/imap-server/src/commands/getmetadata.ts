import type { Annotation } from '@paloma/mail-store/port';
import { authenticatedCommand, type AuthenticatedContext } from '../command.js';
import { ok, type Completion } from '../completion.js';
import { NO_SUCH_MAILBOX } from '../error-table.js';
import { findAnnotated } from '../metadata/find-annotated.js';
import { toldAnnotations } from '../metadata/told-annotations.js';
import { formatMetadata, readGetMetadata, type GetMetadataArguments } from '../wire/metadata-arguments.js';

/** RFC 5464 §4.2. */
export const getMetadata = authenticatedCommand({ name: 'GETMETADATA', parse: readGetMetadata, run: runGetMetadata });

async function runGetMetadata({ session, store }: AuthenticatedContext, args: GetMetadataArguments): Promise<Completion> {
  const annotated = await findAnnotated(store, args.mailboxName);
  const annotations = annotated === undefined ? null : await toldAnnotations(store, annotated);
  if (!annotations) return NO_SUCH_MAILBOX;
  const asked = args.names.flatMap((name) => askedValues(name, annotations, args.depth));
  const isTooLong = ({ value }: { value: Uint8Array | null }): boolean => args.maxBytes !== null && (value?.length ?? 0) > args.maxBytes;
  const told = asked.filter((entry) => !isTooLong(entry));
  if (told.length > 0) await session.writer.untagged(...formatMetadata(args.mailboxName, told, session));
  const longest = Math.max(0, ...asked.filter(isTooLong).map(({ value }) => value?.length ?? 0));
  return ok('GETMETADATA completed', longest > 0 ? `METADATA LONGENTRIES ${longest}` : undefined); // RFC 5464 §4.2.1
}

/** The entry itself, NIL where it is not set, and those below it. */
function askedValues(name: string, annotations: readonly Annotation[], depth: number): { name: string; value: Uint8Array | null }[] {
  const below = annotations.filter((annotation) => {
    const levels = annotation.name.startsWith(`${name}/`) ? annotation.name.slice(name.length).split('/').length - 1 : 0;
    return levels > 0 && levels <= depth;
  });
  const own = annotations.find((annotation) => annotation.name === name);
  return [...(own || depth === 0 ? [own ?? { name, value: null }] : []), ...below];
}
