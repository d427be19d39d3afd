import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useMessages } from '../../messages/language.js';
import { CheckIcon, CopyIcon } from '../icons.js';
import { announce } from '../live-region.js';

/** `label`: what is copied, for those who do not see what the button stands beside. */
export function CopyButton({ text, label }: { text: string; label?: string }) {
  const { settings } = useMessages();
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    announce(settings.copied);
  };
  return (
    <Button className="button copy-button" {...(label !== undefined && { 'aria-label': label })} onPress={() => void copy()}>
      {isCopied ? <CheckIcon size={16} /> : <CopyIcon size={16} />}{isCopied ? settings.copied : settings.copy}
    </Button>
  );
}
