import { Button } from 'react-aria-components';
import { useMessages } from '../messages/language.js';
import { Dove } from './dove.js';

/** While the account opens; with `onRetry`, when it did not. */
export function StartPage({ onRetry }: { onRetry?: () => void }) {
  const { appName, starting, startFailed } = useMessages();
  return (
    <main className="start-page">
      <Dove size={72} />
      <h1 className="visually-hidden">{appName}</h1>
      {onRetry ? (
        <div role="alert" className="start-failed">
          <h2>{startFailed.title}</h2>
          <p>{startFailed.lead}</p>
          <Button className="button primary" onPress={onRetry}>{startFailed.retry}</Button>
        </div>
      ) : <p role="status" className="start-status">{starting}</p>}
    </main>
  );
}
