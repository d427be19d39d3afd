import { Button } from 'react-aria-components';
import type { AlarmAnswer } from '../jmap/types.js';
import { useMessages } from '../messages/language.js';
import { useAccount } from './account-context.js';
import { useToaster } from './toasts.js';

/** All others are dismissed: the user has seen them. */
const ANSWER_TO: Partial<Record<string, AlarmAnswer>> = { providerRestored: 'acceptRestoredProvider', forgottenTooSoon: 'startAfresh' };

/** What the provider did, in a sentence, and the user's word about it. */
export function AlarmNote({ alarm }: { alarm: string }) {
  const { alarms, settings: texts } = useMessages();
  const { settings } = useAccount();
  const toaster = useToaster();
  const answer = ANSWER_TO[alarm] ?? 'dismiss';
  const give = (): void => { settings.answerAlarm(answer).catch(() => toaster.showProblem(texts.refusals.failed)); };
  return (
    <div className="notice problem alarm-note">
      <p>{alarms.sentences[alarm] ?? alarms.sentences['other']}</p>
      {settings.servers && <Button className="button" onPress={give}>{alarms.answers[answer]}</Button>}
    </div>
  );
}
