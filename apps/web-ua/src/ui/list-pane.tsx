import { useEffect, useSyncExternalStore } from 'react';
import { Button } from 'react-aria-components';
import type { EmailList } from '../jmap/email-list.js';
import { useMessages } from '../messages/language.js';
import { Dove } from './dove.js';
import { MessageList, type MessageListProps } from './message-list.js';
import type { Place } from './use-place.js';

export interface ListPaneProps extends Omit<MessageListProps, 'label' | 'list'> {
  list: EmailList;
  title: string;
  unread: number;
  /** Which words to use when there is nothing. */
  kind: Place['kind'];
}

/** The middle pane: heading, then the list or the reason why there is none. */
export function ListPane({ list, title, unread, kind, ...props }: ListPaneProps) {
  const { list: texts } = useMessages();
  const { places, status } = useSyncExternalStore(list.subscribe, list.getSnapshot);
  return (
    <section className="list-pane" aria-label={title}>
      <header className="pane-head">
        <h2>{title}</h2>
        <p className="muted">{unread > 0 ? texts.unread(unread) : places.length > 0 && texts.conversations(places.length)}</p>
      </header>
      {places.length > 0 ? <MessageList list={list} label={texts.label(title)} {...props} /> : <ListState list={list} status={status} kind={kind} />}
    </section>
  );
}

function ListState({ list, status, kind }: Pick<ListPaneProps, 'list' | 'kind'> & { status: 'loading' | 'ready' | 'failed' }) {
  const { list: texts } = useMessages();
  if (status === 'loading') return <LoadingRows list={list} />;
  if (status === 'failed') {
    return <div className="empty-state" role="alert"><p>{texts.failed}</p><Button className="button" onPress={() => list.refresh()}>{texts.retry}</Button></div>;
  }
  const { title, lead } = texts.empty[kind];
  return <div className="empty-state" role="status"><Dove size={52} /><h3>{title}</h3><p>{lead}</p></div>;
}

/** Asks for the first window: the list itself only exists once it has places. */
function LoadingRows({ list }: { list: EmailList }) {
  const { list: texts } = useMessages();
  useEffect(() => list.ensureRange(0, 0), [list]);
  return (
    <div className="loading-rows" role="status" aria-label={texts.loading}>
      {[0, 1, 2, 3, 4, 5].map((row) => <div key={row} className="row placeholder"><span /><span /><span /></div>)}
    </div>
  );
}
