import { useId } from 'react';
import { Button } from 'react-aria-components';
import type { ReviewedKey } from '../../jmap/types.js';
import { useDates, useMessages } from '../../messages/language.js';
import { CheckIcon } from '../icons.js';
import { Fingerprint } from './fingerprint.js';

export interface KeyCardProps {
  title: string;
  shown: ReviewedKey;
  /** Of the correspondent. */
  name: string;
  domain: string;
  onCompared(): void;
}

/** One key of a correspondent: its fingerprint, where it came from, and whether the user compared it. */
export function KeyCard({ title, shown: { fingerprint, state, level, source, firstSeenAtMs }, name, domain, onCompared }: KeyCardProps) {
  const { keyReview } = useMessages();
  const dates = useDates();
  const titleId = useId();
  const origin = keyReview.sources[source ?? 'unknown'](domain);
  const isCompared = state === 'known' && level === 'fingerprint';
  return (
    <section className={`key-card ${state}`} aria-labelledby={titleId}>
      <h3 id={titleId}>{title}</h3>
      <Fingerprint value={fingerprint} />
      <p className="muted">{firstSeenAtMs === null ? origin : keyReview.since(origin, dates.day(new Date(firstSeenAtMs)))}</p>
      {isCompared ? <p className="key-compared"><CheckIcon size={16} />{keyReview.compared}</p>
        : <Button className="button" aria-describedby={titleId} onPress={onCompared}>{keyReview.compare(name)}</Button>}
    </section>
  );
}
