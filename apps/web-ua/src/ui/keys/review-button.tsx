import { Button } from 'react-aria-components';
import type { EmailAddress } from '../../jmap/types.js';
import { shortName } from '../../mail/address-list.js';
import { useMessages } from '../../messages/language.js';
import { useFocusLeftBehind } from '../focus-left-behind.js';
import { useKeyReview } from './key-review.js';

/** Leads to the decision about somebody's changed key. */
export function ReviewButton({ correspondent, className = 'link-button' }: { correspondent: EmailAddress; className?: string }) {
  const { keyReview } = useMessages();
  const review = useKeyReview();
  const ref = useFocusLeftBehind<HTMLButtonElement>();
  return <Button ref={ref} className={className} aria-label={keyReview.reviewOf(shortName(correspondent))} onPress={() => review(correspondent)}>{keyReview.review}</Button>;
}
