import { useEffect } from 'react';
import { useMessages } from '../messages/language.js';

/** The title of the tab while the component is there. */
export function usePageTitle(title: string): void {
  const { appName } = useMessages();
  useEffect(() => {
    document.title = title;
    return () => { document.title = appName; };
  }, [title, appName]);
}
