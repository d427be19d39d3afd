// Shows a message in the frame of another origin (docs/protocol/control-api.md §4). The app never parses the mail: it posts
// the source to the frame and takes back a height, link clicks, keys and a count, each checked.

import { useEffect, useRef, useState, type RefObject } from 'react';
import type { EmailBodyPart, SecurityStatus } from '../jmap/types.js';
import { useMessages } from '../messages/language.js';
import { parseFrameMessage, type FrameMessage, type ShowContent } from '../view/frame-message.js';
import { useAccount } from './account-context.js';
import { ShieldOffIcon } from './icons.js';
import { loadInlineImages } from './inline-images.js';
import type { AskedLink } from './link-dialog.js';

/** Another host name is another origin; a cookie or a script of one is nothing to the other. */
const VIEW_URL = `${location.protocol}//localhost:${location.port}/view/`;
const FIRST_HEIGHT_PX = 120;

export interface MailFrameProps {
  /** `null`: plain text only. */
  html: string | null;
  text: string;
  attachments: readonly EmailBodyPart[];
  title: string;
  status: SecurityStatus;
  onKey(key: string): void;
  onLink(link: AskedLink): void;
}

export function MailFrame({ html, text, attachments, title, status, onKey, onLink }: MailFrameProps) {
  const { conversation } = useMessages();
  const { blobs } = useAccount();
  const frame = useRef<HTMLIFrameElement>(null);
  const [heightPx, setHeightPx] = useState<number | null>(null);
  const [blockedCount, setBlockedCount] = useState(0);
  const [isReady, setReady] = useState(false);
  const scheme = useScheme();

  const take = (message: FrameMessage): void => {
    if (message.kind === 'ready') setReady(true);
    if (message.kind === 'height') setHeightPx(message.heightPx);
    if (message.kind === 'blocked') setBlockedCount(message.count);
    if (message.kind === 'link') onLink(message);
    if (message.kind === 'key') onKey(message.key);
  };
  useFrameMessages(frame, take);

  useEffect(() => {
    if (!isReady) return;
    let isCurrent = true;
    const post = (content: ShowContent['content']): void => {
      // The frame has an opaque origin, which no target origin but `*` names. It is ours: its source is pinned by frame-src.
      if (isCurrent) frame.current?.contentWindow?.postMessage({ kind: 'show', content, scheme } satisfies ShowContent, '*');
    };
    if (html === null) post({ type: 'text', text });
    else void loadInlineImages(html, attachments, blobs).then((inlineImages) => post({ type: 'html', html, inlineImages }));
    return () => { isCurrent = false; };
  }, [isReady, html, text, attachments, blobs, scheme]);

  return (
    <>
      {blockedCount > 0 && <p className="notice blocked"><ShieldOffIcon size={16} />{conversation.remoteBlocked(blockedCount)}</p>}
      <iframe ref={frame} className={`mail-frame ${status}`} src={VIEW_URL} sandbox="allow-scripts" referrerPolicy="no-referrer" title={title}
        aria-busy={heightPx === null} style={{ height: heightPx ?? FIRST_HEIGHT_PX }} />
    </>
  );
}

/** Only what comes from this very frame, and only what has the right shape. */
function useFrameMessages(frame: RefObject<HTMLIFrameElement | null>, take: (message: FrameMessage) => void): void {
  const current = useRef(take);
  useEffect(() => { current.current = take; });
  useEffect(() => {
    const onMessage = (event: MessageEvent<unknown>): void => {
      if (!frame.current || event.source !== frame.current.contentWindow) return;
      const message = parseFrameMessage(event.data);
      if (message) current.current(message);
    };
    addEventListener('message', onMessage);
    return () => removeEventListener('message', onMessage);
  }, [frame]);
}

function useScheme(): ShowContent['scheme'] {
  const [query] = useState(() => matchMedia('(prefers-color-scheme: dark)'));
  const [isDark, setDark] = useState(query.matches);
  useEffect(() => {
    const onChange = (): void => setDark(query.matches);
    query.addEventListener('change', onChange);
    return () => query.removeEventListener('change', onChange);
  }, [query]);
  return isDark ? 'dark' : 'light';
}
