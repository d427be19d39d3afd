import { useEffect, useRef } from 'react';
import { Button } from 'react-aria-components';
import { useMessages } from '../../messages/language.js';
import { CopyButton } from './copy-button.js';

export interface FreshPasswordProps {
  name: string;
  password: string;
  onDone(): void;
}

/** The only time that a password is seen. */
export function FreshPassword({ name, password, onDone }: FreshPasswordProps) {
  const { settings: { programs } } = useMessages();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section className="settings-card fresh" aria-labelledby="fresh-password">
      <h3 id="fresh-password" ref={heading} tabIndex={-1}>{programs.fresh.title(name)}</h3>
      <p>{programs.fresh.lead}</p>
      <code className="secret">{password}</code>
      <div className="settings-actions">
        <CopyButton text={password} />
        <Button className="button quiet" onPress={onDone}>{programs.fresh.done}</Button>
      </div>
    </section>
  );
}
