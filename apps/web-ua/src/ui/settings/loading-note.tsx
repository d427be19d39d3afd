import { Button } from 'react-aria-components';
import { useMessages } from '../../messages/language.js';
import type { Loaded } from './use-loaded.js';

/** In place of a list that is not there yet, or could not be loaded. */
export function LoadingNote({ status, onRetry }: { status: Loaded<unknown>['status']; onRetry(): void }) {
  const { settings } = useMessages();
  if (status === 'loading') return <p role="status" className="muted">{settings.loading}</p>;
  return (
    <div className="notice problem settings-failed" role="alert">
      <span>{settings.loadFailed}</span>
      <Button className="link-button" onPress={onRetry}>{settings.retry}</Button>
    </div>
  );
}
